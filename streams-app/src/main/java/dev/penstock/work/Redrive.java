package dev.penstock.work;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a replay asks of the pipeline beyond the request itself. It comes in headers that any producer can set, so it grants nothing that the same
 * producer could not have by another request.
 *
 * @param deadline stands in for an absolute deadline in the value, which is over by now; null to leave that one
 * @param forced a final failure of the idempotency key does not stand for this request; an answer always does
 */
public record Redrive(@Nullable Instant deadline, boolean forced) {

    /** Of a request that was not replayed. */
    public static final Redrive NONE = new Redrive(null, false);
}
