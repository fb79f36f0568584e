package dev.penstock.work;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that several requests share has come to its end. It goes to the stage that knows them, which ends each, and names
 * those that are to be called for on their own: they are taken in when it returns, in the same transaction.
 *
 * @param ticket the call's
 * @param verdict how it ended
 * @param spend what it cost, not published yet; null for nothing
 * @param lost whether a dispatch of it was lost: its outcome may still become known
 * @param downgraded whether a budget had it answered by a cheaper tier than its members asked for
 * @param alone filled by the receiver
 */
public record SharedEnd(
        Ticket ticket,
        Verdict verdict,
        Emission.@Nullable Spend spend,
        boolean lost,
        boolean downgraded,
        List<Call> alone)
        implements SharedNews {

    /** One that no receiver has seen. */
    public SharedEnd(Ticket ticket, Verdict verdict, Emission.@Nullable Spend spend, boolean lost, boolean downgraded) {
        this(ticket, verdict, spend, lost, downgraded, new ArrayList<>());
    }
}
