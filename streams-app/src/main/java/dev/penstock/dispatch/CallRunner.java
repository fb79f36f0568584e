package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.time.Instant;

/**
 * Makes the calls that the state machine has committed, and nothing else. Every launch ends as exactly one record on the
 * outcomes topic. No method blocks.
 */
public interface CallRunner {

    /** The task of the partition runs on this instance from now on. */
    void assigned(int partition);

    /** The task has left; a launch of it that has not been sent ends as {@code not_sent}. */
    void revoked(int partition);

    /** Whether outcomes of the partition can be written: while not, no call of it is to be launched. */
    boolean accepts(int partition);

    /** Notes a launch whose transaction is not durable yet. From here until it is settled the call is not in doubt. */
    void prepare(Launch launch);

    /** Makes the call: its transaction is durable. */
    void launch(Launch launch);

    /** Forgets a launch whose transaction was rolled back; its permit is returned. */
    void withdraw(Launch launch);

    /** Forgets a launch whose outcome was processed, durably. */
    void settled(RequestId id, int number);

    /** Whether this run prepared or launched that dispatch and its outcome was not processed yet. */
    boolean holds(RequestId id, int number);

    /**
     * Whether launches without an outcome were forgotten whose deadlines were that time or later: a call with such a deadline
     * that is not {@link #holds held} may have left all the same.
     */
    boolean hasForgotten(Instant deadline);

    /** Whether this run works on that dispatch: its outcome is not written yet. */
    boolean runs(RequestId id, int number);
}
