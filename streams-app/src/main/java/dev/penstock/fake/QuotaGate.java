package dev.penstock.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts calls of keys against their quotas. */
final class QuotaGate {

    private record Usage(Instant windowStart, long calls) {}

    private record Counter(Quota quota, String keySha256) {}

    private final ConcurrentMap<Counter, Usage> usage = new ConcurrentHashMap<>();

    /** The refusal, if the key has used up one of the quotas. */
    Optional<Fault.Refuse> take(List<Quota> quotas, String keySha256, Instant now) {
        for (Quota quota : quotas) {
            if (quota.isFor(keySha256)) {
                Usage used = usage.merge(
                        new Counter(quota, keySha256),
                        new Usage(now, 1),
                        (before, one) -> inWindow(quota, before, now)
                                ? new Usage(before.windowStart(), before.calls() + 1)
                                : one);
                if (used.calls() > quota.calls()) {
                    return Optional.of(refusal(quota, used, now));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean inWindow(Quota quota, Usage before, Instant now) {
        return quota.per() == null || now.isBefore(before.windowStart().plus(quota.per()));
    }

    private static Fault.Refuse refusal(Quota quota, Usage used, Instant now) {
        if (quota.per() == null) {
            return new Fault.Refuse(429, null, "insufficient_quota");
        }
        Duration wait = Duration.between(now, used.windowStart().plus(quota.per()));
        return new Fault.Refuse(429, wait, "rate_limit_exceeded");
    }
}
