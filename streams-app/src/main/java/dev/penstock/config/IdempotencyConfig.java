package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * How duplicates are known.
 *
 * @param retention how long after its terminal a key is remembered
 */
public record IdempotencyConfig(Duration retention) {

    static final Setting<Duration> RETENTION = new Setting<>(
            "idempotency.retention",
            ValueType.duration("1s", "30d"),
            "24h",
            "How long after its end a request is remembered, so that a duplicate gets the same answer.");

    static final List<Setting<?>> SETTINGS = List.of(RETENTION);

    static IdempotencyConfig from(Values values) {
        return new IdempotencyConfig(values.get(RETENTION));
    }
}
