package dev.penstock.pipeline;

/**
 * How far one topic's partition is from the end that it had when a task started. An end may be a transaction marker, which
 * is passed over but never processed; so it counts as reached when the position is there and what was returned on the way
 * has been processed. Used by one stream thread; read by others for health.
 */
final class CatchUp {

    private final long end;
    private volatile boolean readToEnd;
    private volatile long lastReturned = -1;
    private volatile long lastProcessed = -1;

    /** @param end the offset behind the last record, as it was when the task started */
    CatchUp(long end) {
        this.end = end;
    }

    /** Records up to that offset were handed to the task. */
    void returned(long offset) {
        if (!readToEnd) {
            lastReturned = offset;
        }
    }

    /** The next record that will be read has that offset. */
    void positionIs(long position) {
        readToEnd |= position >= end;
    }

    void processed(long offset) {
        lastProcessed = offset;
    }

    boolean isDone() {
        return readToEnd && lastProcessed >= lastReturned;
    }

    boolean isReadToEnd() {
        return readToEnd;
    }
}
