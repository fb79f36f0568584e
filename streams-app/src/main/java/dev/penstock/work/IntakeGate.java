package dev.penstock.work;

/**
 * The valve before the intake of a partition, as stages see it: they report what waits, and ask whether everything that
 * was written before the task started has been read.
 */
public interface IntakeGate {

    /** A task of the partition starts: its intake is closed until it has caught up. */
    void started(int partition);

    /** The task of the partition has ended. */
    void ended(int partition);

    /** Where requests wait. All count alike. */
    enum Place {
        /** For a call of their own. */
        QUEUE,
        /** For the call of an identical request. */
        FOLLOWERS,
        /** For the end of the request that holds their idempotency key. */
        DUPLICATES,
        /** For others, to share a prompt with. */
        WINDOWS
    }

    /** Tells how much waits in a place of the partition; too much in all of them closes its intake until it has gone down. */
    void waiting(int partition, Place place, int items, long bytes);

    /** What may follow other requests, in each of the stages where they do, while it does not count as waiting. */
    FollowerLimits followerLimits();

    /** Tells how many follow in a place of the partition, those included that count as waiting no more. */
    void following(int partition, Place place, int all);

    /** Tells that a record of a topic that is read before intake opens has been processed. */
    void processed(String topic, int partition, long offset);

    /** Whether all that stood on those topics when the task started has been processed. */
    boolean caughtUp(int partition);

    /** Asks that the ends of those topics are noted once more, and what stands there by then is read and processed. */
    void catchUpAgain(int partition);

    /** Whether what was asked for last by {@link #catchUpAgain} is done. */
    boolean caughtUpAgain(int partition);
}
