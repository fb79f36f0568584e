package dev.penstock.provider;

import org.jspecify.annotations.Nullable;

/** Charges a call to its task by what it used, once that is known. */
final class TurnLease extends LeaseDecorator {

    private final RateTurns turns;
    private final int task;
    private final long tokens;

    TurnLease(Lease next, RateTurns turns, int task, long tokens) {
        super(next);
        this.turns = turns;
        this.task = task;
        this.tokens = tokens;
    }

    @Override
    void ended(@Nullable ProviderReply reply) {
        turns.used(task, tokens, RateGateTarget.used(reply, tokens));
    }

    @Override
    void cancelled() {
        turns.cancelled(task, tokens);
    }
}
