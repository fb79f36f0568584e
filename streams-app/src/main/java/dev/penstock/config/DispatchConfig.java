package dev.penstock.config;

import dev.penstock.schemas.InDoubtPolicy;
import java.time.Duration;
import java.util.List;

/**
 * How calls are let out.
 *
 * @param permits calls in flight at once, per instance
 * @param startWithin a call that has not left this long after its dispatch is given back
 * @param waitingMaxItems waiting calls of a task above which its requests stay in Kafka
 * @param waitingMaxBytes the same, by size
 * @param inDoubtPolicy for calls that may have been made and whose answer is unknown, unless the request says otherwise
 * @param maxLost calls of one request that may be lost with their instances; after that it ends
 * @param defaultDeadline of a request that names none
 * @param maxDeadline the longest that a request may ask for
 * @param tenantMaxInFlight calls in flight of one tenant, per instance; 0 for no cap
 * @param leaseSkew how far the clocks of two instances may differ
 */
public record DispatchConfig(
        int permits,
        Duration startWithin,
        int waitingMaxItems,
        long waitingMaxBytes,
        InDoubtPolicy inDoubtPolicy,
        int maxLost,
        Duration defaultDeadline,
        Duration maxDeadline,
        int tenantMaxInFlight,
        Duration leaseSkew) {

    static final Setting<Integer> PERMITS = new Setting<>(
            "dispatch.permits",
            ValueType.wholeNumber(1, 100_000),
            "1000",
            "Provider calls in flight at once, per instance; one tenant has dispatch.tenant_max_in_flight of them, nine tenths by default.");
    static final Setting<Duration> START_WITHIN = new Setting<>(
            "dispatch.start_within",
            ValueType.duration("100ms", "5m"),
            "10s",
            "A call that has not left this long after its dispatch is given back, never sent late.");
    static final Setting<Integer> WAITING_MAX_ITEMS = new Setting<>(
            "dispatch.waiting.max_items",
            ValueType.wholeNumber(1, 10_000_000),
            "10000",
            "Waiting calls of a partition above which its requests stay in Kafka. A tenant that has followed one request for a minute, or 10 s beside other tenants, may have as many followers, which do not count here.");
    static final Setting<Long> WAITING_MAX_BYTES = new Setting<>(
            "dispatch.waiting.max_bytes",
            ValueType.byteSize("1MiB", "16GiB"),
            "64MiB",
            "Waiting bytes of a partition above which its requests stay in Kafka. For followers like max_items.");
    static final Setting<InDoubtPolicy> IN_DOUBT_POLICY = new Setting<>(
            "dispatch.in_doubt.policy",
            ValueType.choice(InDoubtPolicy.class),
            "retry",
            "What becomes of a call that may have been made and whose answer was lost with its instance.");
    static final Setting<Integer> MAX_LOST = new Setting<>(
            "dispatch.in_doubt.max_lost",
            ValueType.wholeNumber(1, 100),
            "10",
            "Calls of one request that may be lost with their instances; after these it is a dead letter.");
    static final Setting<Duration> DEFAULT_DEADLINE = new Setting<>(
            "dispatch.default_deadline",
            ValueType.duration("1s", "30d"),
            "10m",
            "Deadline of a request that names none, counted from its intake.");
    static final Setting<Duration> MAX_DEADLINE = new Setting<>(
            "dispatch.max_deadline",
            ValueType.duration("1s", "30d"),
            "7d",
            "Longest deadline that a request may ask for.");
    static final Setting<Integer> TENANT_MAX_IN_FLIGHT = new Setting<>(
            "dispatch.tenant_max_in_flight",
            ValueType.wholeNumber(0, 100_000),
            "",
            "Provider calls of one tenant in flight at once, per instance. 0: no cap. None: nine tenths of ten permits or more, so that slow calls of one tenant leave permits to others.");
    static final Setting<Duration> LEASE_SKEW = new Setting<>(
            "dispatch.lease_skew",
            ValueType.duration("0s", "10m"),
            "30s",
            "How far the clocks of two instances may differ.");

    static final List<Setting<?>> SETTINGS = List.of(
            PERMITS,
            START_WITHIN,
            WAITING_MAX_ITEMS,
            WAITING_MAX_BYTES,
            IN_DOUBT_POLICY,
            MAX_LOST,
            DEFAULT_DEADLINE,
            MAX_DEADLINE,
            TENANT_MAX_IN_FLIGHT,
            LEASE_SKEW);

    /** Of so many permits, those that one tenant may not have are the share of others. */
    private static final int SHARES = 10;

    /** No cap where a share would be less than a permit. */
    private static int allButAShare(int permits) {
        return permits < SHARES ? 0 : permits - permits / SHARES;
    }

    static DispatchConfig from(Values values) {
        DispatchConfig dispatch = new DispatchConfig(
                values.get(PERMITS),
                values.get(START_WITHIN),
                values.get(WAITING_MAX_ITEMS),
                values.get(WAITING_MAX_BYTES),
                values.get(IN_DOUBT_POLICY),
                values.get(MAX_LOST),
                values.get(DEFAULT_DEADLINE),
                values.get(MAX_DEADLINE),
                values.find(TENANT_MAX_IN_FLIGHT).orElseGet(() -> allButAShare(values.get(PERMITS))),
                values.get(LEASE_SKEW));
        values.expect(
                DEFAULT_DEADLINE,
                dispatch.defaultDeadline.compareTo(dispatch.maxDeadline) <= 0,
                "at most dispatch.max_deadline, " + DurationText.write(dispatch.maxDeadline));
        return dispatch;
    }
}
