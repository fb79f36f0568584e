package dev.penstock.dispatch;

import dev.penstock.schemas.Request;
import dev.penstock.work.Call;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;

/**
 * A call that may leave: it is new, or its turn has come.
 *
 * @param entry where it is in its life
 * @param body what of it never changes
 * @param request what it asks
 * @param isStored whether the store has it; a new call that leaves or ends at once is written once, or never
 */
record Candidate(CallEntry entry, CallBody body, Request request, boolean isStored) {

    /** A call that is new. */
    static Candidate of(Call call) {
        return of(call, 0);
    }

    /**
     * A call that is new, of a request that shared one before.
     *
     * @param lost how often a dispatch of that one was lost
     */
    static Candidate of(Call call, int lost) {
        return new Candidate(CallEntry.of(call, lost), CallBody.of(call), call.request(), false);
    }

    RequestId id() {
        return entry.ticket().id();
    }

    String tenant() {
        return entry.ticket().tenant();
    }

    Ticket ticket() {
        return body.ticket(entry);
    }
}
