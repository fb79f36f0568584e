package dev.penstock.cache;

import dev.penstock.work.Verdict;

/** What becomes of the followers when their leader has ended. */
sealed interface FollowersDecision {

    /** Each gets the answer, as a result of its own. */
    record Share() implements FollowersDecision {}

    /** The request itself is at fault, and they are the same request: each fails alike, without a call. */
    record FailEach(Verdict.Failure failure) implements FollowersDecision {}

    /** The call failed: each continues alone, with attempts, budget and deadline of its own; none follows another. */
    record ReleaseEach() implements FollowersDecision {}

    /** Only the leader is gone: the next follower leads, and the others follow it. */
    record HandOver() implements FollowersDecision {}
}
