package dev.penstock.work;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request may be answered: chosen once by tiering, followed by dispatch.
 *
 * @param tier the tier that chose, null when the request names a model
 * @param chain names of targets, in the order in which they are tried; never empty
 * @param model what the request asked for by name; null for each target's own model
 * @param timeout of one attempt, unless the target says otherwise
 */
public record Route(
        @Nullable String tier, List<String> chain, @Nullable String model, Duration timeout) {

    public Route {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: at least one target)");
        }
    }
}
