package dev.penstock.work;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a replay asks of the pipeline beyond the request itself. It comes in headers that any producer can set, so it grants nothing that the same
 * producer could not have by another request. Where requests must be signed, so must this.
 *
 * @param deadline stands in for an absolute deadline in the value, which is over by now; null to leave that one
 * @param forced a final failure of the idempotency key does not stand for this request; an answer always does
 */
public record Redrive(@Nullable Instant deadline, boolean forced) {

    /** Of a request that was not replayed. */
    public static final Redrive NONE = new Redrive(null, false);

    /**
     * What is signed of a replay.
     *
     * @param count which replay of the letter it is, from 1; 0 for a request that was not replayed, of which there is nothing
     */
    public String signed(int count) {
        return count == 0 ? "" : count + " " + (deadline == null ? "-" : deadline.toEpochMilli()) + " " + forced;
    }
}
