package dev.penstock.pipeline;

/**
 * How far one topic's partition is from an end that it had at some time. An end may be a transaction marker, which is passed
 * over but never processed; so it counts as reached when the position is there and what was returned on the way has been
 * processed. Used by one stream thread; read by others for health.
 */
final class CatchUp {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private final long end;
    private volatile boolean readToEnd;
    private volatile long lastReturned;
    private volatile long lastProcessed;
    /** The last record before the end. */
    private volatile long toProcess;

    /** Towards an end that is still to be found out; what is read meanwhile is noted. */
    CatchUp() {
        this(UNKNOWN, -1, -1);
    }

    /** @param end the offset behind the last record, as it was before anything was read */
    CatchUp(long end) {
        this(end, -1, -1);
    }

    private CatchUp(long end, long lastReturned, long lastProcessed) {
        this.end = end;
        this.lastReturned = lastReturned;
        this.lastProcessed = lastProcessed;
        this.toProcess = lastReturned;
    }

    /** To a later end of the same source; what was returned of it may not all be processed yet. */
    CatchUp to(long laterEnd) {
        return new CatchUp(laterEnd, lastReturned, lastProcessed);
    }

    /** Records up to that offset were handed to the task. */
    void returned(long offset) {
        lastReturned = offset;
        if (!readToEnd) {
            toProcess = offset;
        }
    }

    /** The next record that will be read has that offset. */
    void positionIs(long position) {
        readToEnd |= position >= end;
    }

    void processed(long offset) {
        lastProcessed = offset;
    }

    boolean hasEnd() {
        return end != UNKNOWN;
    }

    boolean isDone() {
        return readToEnd && lastProcessed >= toProcess;
    }

    boolean isReadToEnd() {
        return readToEnd;
    }
}
