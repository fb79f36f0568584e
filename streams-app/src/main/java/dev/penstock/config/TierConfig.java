package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * A class of work and who does it.
 *
 * @param name {@code simple}, {@code medium}, {@code complex} or another one that requests ask for as {@code tier:NAME}
 * @param chain names of targets, in the order in which they are tried
 * @param timeout of one attempt, unless the target or the request says otherwise
 */
public record TierConfig(String name, List<String> chain, Duration timeout) {

    public TierConfig {
        chain = List.copyOf(chain);
    }
}
