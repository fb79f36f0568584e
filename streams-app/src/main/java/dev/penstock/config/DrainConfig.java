package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * How the process ends.
 *
 * @param grace how long running calls may go on after SIGTERM
 */
public record DrainConfig(Duration grace) {

    static final Setting<Duration> GRACE = new Setting<>(
            "drain.grace", ValueType.duration("0s", "1h"), "30s", "How long running calls may go on after SIGTERM.");

    static final List<Setting<?>> SETTINGS = List.of(GRACE);

    static DrainConfig from(Values values) {
        return new DrainConfig(values.get(GRACE));
    }
}
