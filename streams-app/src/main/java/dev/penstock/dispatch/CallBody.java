package dev.penstock.dispatch;

import dev.penstock.work.Call;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Ticket;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of a call never changes and may be large. It is stored once, beside the entry, and read when the call's turn comes
 * and when it ends.
 *
 * @param metadata echoed in the result
 * @param key its idempotency key
 * @param original the request's value as it arrived
 */
record CallBody(@Nullable ObjectNode metadata, IdempotencyKey key, byte[] original) {

    static CallBody of(Call call) {
        return new CallBody(call.ticket().metadata(), call.key(), call.original());
    }

    /** The whole ticket of the call, of which its entry keeps what is small. */
    Ticket ticket(CallEntry entry) {
        return entry.ticket().withMetadata(metadata);
    }
}
