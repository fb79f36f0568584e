package dev.penstock.dispatch;

import dev.penstock.work.Call;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;

/**
 * A call that waits or is in flight, as it is stored at each step of its life: without its {@link CallBody}, which never
 * changes.
 *
 * @param ticket what ends it, without metadata
 * @param bytes the size of the request's value as it arrived
 * @param route where it may be answered
 * @param state where it is in its life
 * @param progress what was tried so far
 * @param dispatches how often it was handed to a runner; numbers its outcomes
 * @param lost how many of those were lost with the process that made them
 * @param downgraded whether a budget has it take a cheaper tier than it asked for
 */
record CallEntry(
        Ticket ticket,
        int bytes,
        Route route,
        CallState state,
        Progress progress,
        int dispatches,
        int lost,
        boolean downgraded) {

    /** @param lost how often a call was lost before that its request shared */
    static CallEntry of(Call call, int lost) {
        return new CallEntry(
                call.ticket().withMetadata(null),
                call.original().length,
                call.route(),
                CallState.READY,
                Progress.NONE,
                0,
                lost,
                false);
    }

    CallEntry dispatched(CallState.Dispatched state) {
        return new CallEntry(ticket, bytes, route, state, progress, dispatches + 1, lost, downgraded);
    }

    CallEntry waiting(CallState.Waiting waiting) {
        return new CallEntry(ticket, bytes, route, waiting, progress, dispatches, lost, downgraded);
    }

    /** The same along another route; a cheaper one for good, if a budget says so. */
    CallEntry along(Route other, boolean cheaper) {
        return new CallEntry(ticket, bytes, other, CallState.READY, progress, dispatches, lost, downgraded || cheaper);
    }

    /** Whether a budget holds the worst case of that dispatch of it. */
    boolean reserved(int number) {
        return number == dispatches && state instanceof CallState.Dispatched dispatched && dispatched.reserved();
    }

    /** Whether it waits because a budget has no room for it. */
    boolean isHeld() {
        return state instanceof CallState.Waiting waiting && waiting.held();
    }

    CallEntry with(Progress next) {
        return new CallEntry(ticket, bytes, route, state, next, dispatches, lost, downgraded);
    }

    CallEntry lostOnce() {
        return new CallEntry(ticket, bytes, route, CallState.READY, progress, dispatches, lost + 1, downgraded);
    }
}
