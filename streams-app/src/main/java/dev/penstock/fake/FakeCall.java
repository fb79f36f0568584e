package dev.penstock.fake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as the log has it. Neither the prompt nor the key is in it.
 *
 * @param sequence from 1, in the order of arrival
 * @param idempotencyKey the header, empty if it was not sent
 * @param bodySha256 of the body as it came
 * @param keySha256 of the key, null without one
 * @param scripted what was done to it: {@code answer}, or the fault
 * @param endedAt when it was answered, or given up; null while it is open
 * @param status the status that was sent; 0 if it is open, or if nothing was sent or the caller was gone
 */
public record FakeCall(
        long sequence,
        String idempotencyKey,
        String bodySha256,
        @Nullable String keySha256,
        Instant receivedAt,
        String scripted,
        @Nullable Instant endedAt,
        int status) {

    FakeCall ended(Instant at, int sent) {
        return new FakeCall(sequence, idempotencyKey, bodySha256, keySha256, receivedAt, scripted, at, sent);
    }
}
