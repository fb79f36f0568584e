package dev.penstock.cache;

import dev.penstock.work.RequestId;

/** What a request that was not answered from the cache does. */
sealed interface CoalescingDecision {

    /** It makes the call, and is from now on the one that later requests of its key follow. */
    record Lead() implements CoalescingDecision {}

    /** It waits for the verdict of the leader's call. Its own deadline stays. */
    record Follow(RequestId leader) implements CoalescingDecision {}

    /** It makes a call of its own, which nobody follows. */
    record Alone() implements CoalescingDecision {}
}
