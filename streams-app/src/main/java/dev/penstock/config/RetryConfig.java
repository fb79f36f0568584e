package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * When a failed call is tried again.
 *
 * @param attemptsPerTarget attempts at one target before the call is parked; a parked call starts to count anew
 * @param base the first backoff; each further one doubles, and each is drawn between zero and that
 * @param cap the longest backoff
 * @param budgetPercent retries at a target that failed already, in percent of calls
 * @param budgetFloor retries in ten seconds that are granted however few calls there are
 * @param longestWait a longer wait gives the permit back and parks the call
 * @param parkBase how long a call is parked whose quick attempts are used up; doubles each time
 * @param parkCap the longest that such a call is parked
 * @param maxBilledAttempts attempts of one request that may have been billed; after that it ends
 */
public record RetryConfig(
        int attemptsPerTarget,
        Duration base,
        Duration cap,
        int budgetPercent,
        int budgetFloor,
        Duration longestWait,
        Duration parkBase,
        Duration parkCap,
        int maxBilledAttempts) {

    static final Setting<Integer> ATTEMPTS_PER_TARGET = new Setting<>(
            "retry.attempts_per_target",
            ValueType.wholeNumber(1, 100),
            "3",
            "Attempts at each target of the chain before the request is parked. Afterwards they are counted anew.");
    static final Setting<Duration> BASE = new Setting<>(
            "retry.base",
            ValueType.duration("1ms", "1m"),
            "1s",
            "First backoff at a target. Each further one doubles, and each is drawn between zero and that.");
    static final Setting<Duration> CAP =
            new Setting<>("retry.cap", ValueType.duration("1ms", "10m"), "30s", "Longest backoff.");
    static final Setting<Integer> BUDGET_PERCENT = new Setting<>(
            "retry.budget_percent",
            ValueType.wholeNumber(0, 100),
            "10",
            "Retries in percent of calls, per instance; of several tenants none takes more than it leaves. Going on to another target is not a retry.");
    static final Setting<Integer> BUDGET_FLOOR = new Setting<>(
            "retry.budget_floor",
            ValueType.wholeNumber(0, 100_000),
            "10",
            "Retries in ten seconds that are granted however few calls there are.");
    static final Setting<Duration> LONGEST_WAIT = new Setting<>(
            "retry.longest_wait",
            ValueType.duration("0s", "5m"),
            "5s",
            "Longest wait that a call keeps its permit for. For a longer one it is parked.");
    static final Setting<Duration> PARK_BASE = new Setting<>(
            "retry.park_base",
            ValueType.duration("100ms", "1h"),
            "15s",
            "How long a request is parked whose attempts are used up. Doubles each time.");
    static final Setting<Duration> PARK_CAP = new Setting<>(
            "retry.park_cap", ValueType.duration("100ms", "1d"), "2m", "Longest that such a request is parked.");
    static final Setting<Integer> MAX_BILLED_ATTEMPTS = new Setting<>(
            "retry.max_billed_attempts",
            ValueType.wholeNumber(1, 1_000),
            "20",
            "Failed attempts of one request that may have been billed; after these it is a dead letter.");

    static final List<Setting<?>> SETTINGS = List.of(
            ATTEMPTS_PER_TARGET,
            BASE,
            CAP,
            BUDGET_PERCENT,
            BUDGET_FLOOR,
            LONGEST_WAIT,
            PARK_BASE,
            PARK_CAP,
            MAX_BILLED_ATTEMPTS);

    static RetryConfig from(Values values) {
        RetryConfig retry = new RetryConfig(
                values.get(ATTEMPTS_PER_TARGET),
                values.get(BASE),
                values.get(CAP),
                values.get(BUDGET_PERCENT),
                values.get(BUDGET_FLOOR),
                values.get(LONGEST_WAIT),
                values.get(PARK_BASE),
                values.get(PARK_CAP),
                values.get(MAX_BILLED_ATTEMPTS));
        values.expect(
                BASE, retry.base.compareTo(retry.cap) <= 0, "at most retry.cap, " + DurationText.write(retry.cap));
        values.expect(
                PARK_BASE,
                retry.parkBase.compareTo(retry.parkCap) <= 0,
                "at most retry.park_cap, " + DurationText.write(retry.parkCap));
        return retry;
    }
}
