package dev.penstock.cache;

import dev.penstock.cache.CoalescingDecision.Alone;
import dev.penstock.cache.CoalescingDecision.Follow;
import dev.penstock.cache.CoalescingDecision.Lead;
import dev.penstock.cache.FollowersDecision.FailEach;
import dev.penstock.cache.FollowersDecision.HandOver;
import dev.penstock.cache.FollowersDecision.ReleaseEach;
import dev.penstock.cache.FollowersDecision.Share;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Priority;
import dev.penstock.work.Verdict;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides who calls and who waits among identical requests, and what becomes of those who wait. */
final class CoalescingPolicy {

    /** Ends that say nothing of the call: the leader's deadline, its wish not to pay twice, what it lost, the size of its own record. */
    private static final Set<DeadLetterCode> THE_LEADERS_OWN = Set.of(
            DeadLetterCode.DISPATCH_DEADLINE,
            DeadLetterCode.DISPATCH_IN_DOUBT,
            DeadLetterCode.DISPATCH_LOST,
            DeadLetterCode.DISPATCH_ENTRY_TOO_LARGE);

    /**
     * Whoever wants a fresh answer does not join a call that left before. Whoever is more urgent than the leader does not
     * wait in its place of the queue. Both lead from then on, so that a key has few flights.
     */
    CoalescingDecision arrive(CacheDecision cache, @Nullable Flight flight, Priority priority) {
        return switch (cache) {
            case CacheDecision.Skip skip -> new Alone();
            case CacheDecision.Refresh refresh -> new Lead();
            case CacheDecision.Lookup lookup -> joinOrLead(flight, priority);
        };
    }

    private static CoalescingDecision joinOrLead(@Nullable Flight flight, Priority priority) {
        return flight == null || priority.compareTo(flight.priority()) < 0 ? new Lead() : new Follow(flight.leader());
    }

    FollowersDecision ended(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> new Share();
            case Verdict.Failure failure -> afterFailure(failure);
        };
    }

    private static FollowersDecision afterFailure(Verdict.Failure failure) {
        if (THE_LEADERS_OWN.contains(failure.code())) {
            return new HandOver();
        }
        return failure.retryable() ? new ReleaseEach() : new FailEach(failure);
    }
}
