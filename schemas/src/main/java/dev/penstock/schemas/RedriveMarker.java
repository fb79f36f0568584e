package dev.penstock.schemas;

import java.time.Instant;

/**
 * That a dead letter was replayed. It is written in one transaction with the request, so that one is there exactly if the other is.
 *
 * @param deadLetter {@code topic-partition-offset} of the dead letter, the record's key
 * @param failedAt when the dead letter was written; tells it from one of the same place in a topic that was made anew
 * @param code why it was one
 * @param requestId {@code topic-partition-offset} of the request that it became
 * @param redriveCount which replay of the request this is, from 1
 * @param at when it was replayed
 */
public record RedriveMarker(
        String deadLetter, Instant failedAt, DeadLetterCode code, String requestId, int redriveCount, Instant at) {
    public RedriveMarker {
        Checks.text("dead_letter", deadLetter);
        Checks.instant("failed_at", failedAt);
        Checks.text("request_id", requestId);
        Checks.positive("redrive_count", redriveCount);
        Checks.instant("at", at);
    }
}
