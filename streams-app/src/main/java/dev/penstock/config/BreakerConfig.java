package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * When a target is left alone.
 *
 * @param consecutiveFailures failures in a row that open it
 * @param failureRatePercent share of failures that opens it: among the calls that ended within the window, and among the
 *     probes
 * @param window how far back the share looks, in whole seconds
 * @param openFor how long it stays open before probes are let through
 * @param probes calls let through then; when all have ended, their share of failures decides
 * @param longestProbe a probe that takes longer counts as failed, so that it cannot hold the breaker
 * @param rampUp how long after closing until all calls are let through again
 */
public record BreakerConfig(
        int consecutiveFailures,
        int failureRatePercent,
        Duration window,
        Duration openFor,
        int probes,
        Duration longestProbe,
        Duration rampUp) {

    static final Setting<Integer> CONSECUTIVE_FAILURES = new Setting<>(
            "breaker.consecutive_failures",
            ValueType.wholeNumber(1, 1_000),
            "5",
            "Failures in a row that open a target's breaker. A 429 is none.");
    static final Setting<Integer> FAILURE_RATE_PERCENT = new Setting<>(
            "breaker.failure_rate_percent",
            ValueType.wholeNumber(1, 100),
            "50",
            "Share of failures that opens it: among the calls that ended within the window, at least 20, and among the probes.");
    static final Setting<Duration> WINDOW = new Setting<>(
            "breaker.window",
            ValueType.wholeSeconds("1s", "1h"),
            "90s",
            "How far back the share looks. Longer than the timeouts: calls that began together time out together.");
    static final Setting<Duration> OPEN_FOR = new Setting<>(
            "breaker.open_for",
            ValueType.duration("100ms", "1h"),
            "60s",
            "How long it stays open before probes are let through.");
    static final Setting<Integer> PROBES = new Setting<>(
            "breaker.probes",
            ValueType.wholeNumber(1, 100),
            "3",
            "Calls let through then. When all have ended, their share of failures opens or closes it.");
    static final Setting<Duration> LONGEST_PROBE = new Setting<>(
            "breaker.longest_probe",
            ValueType.duration("100ms", "1h"),
            "60s",
            "A probe that takes longer counts as failed.");
    static final Setting<Duration> RAMP_UP = new Setting<>(
            "breaker.ramp_up",
            ValueType.duration("0s", "1h"),
            "30s",
            "How long after closing until all calls are let through again.");

    static final List<Setting<?>> SETTINGS =
            List.of(CONSECUTIVE_FAILURES, FAILURE_RATE_PERCENT, WINDOW, OPEN_FOR, PROBES, LONGEST_PROBE, RAMP_UP);

    static BreakerConfig from(Values values) {
        return new BreakerConfig(
                values.get(CONSECUTIVE_FAILURES),
                values.get(FAILURE_RATE_PERCENT),
                values.get(WINDOW),
                values.get(OPEN_FOR),
                values.get(PROBES),
                values.get(LONGEST_PROBE),
                values.get(RAMP_UP));
    }
}
