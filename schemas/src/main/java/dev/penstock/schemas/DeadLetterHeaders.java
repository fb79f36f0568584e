package dev.penstock.schemas;

import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is on the dead-letter topic and where it came from. The record's own bytes are its value.
 *
 * @param attempts how many times a provider was called for it
 * @param detail for people: one line of at most 256 bytes, no prompt text, no provider body
 * @param originalTopic the requests topic, for rerouted records too
 * @param originalTimestamp the record's own time in milliseconds, as it came
 * @param redriveCount how many times it was replayed from the dead letters before
 * @param duplicateOf {@code topic-partition-offset} of the request whose final failure this one shares
 * @param originalSha256 lower-case hex; with {@code originalBytes}, only where the value was cut
 * @param originalBytes size of the whole value
 * @param resetsAt when the budget that denied the request begins anew; null for any other reason
 */
public record DeadLetterHeaders(
        DeadLetterCode code,
        boolean retryable,
        int attempts,
        String detail,
        String originalTopic,
        int originalPartition,
        long originalOffset,
        long originalTimestamp,
        Instant firstFailedAt,
        int redriveCount,
        String appVersion,
        @Nullable String duplicateOf,
        @Nullable String originalSha256,
        @Nullable Long originalBytes,
        @Nullable Instant resetsAt) {

    public static final String PREFIX = "llm.dlq.";

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public DeadLetterHeaders {
        Checks.notNegative("attempts", attempts);
        Checks.notNegative("original.partition", originalPartition);
        Checks.notNegative("original.offset", originalOffset);
        Checks.notNegative("redrive.count", redriveCount);
        Checks.require(
                (originalSha256 == null) == (originalBytes == null),
                "original.sha256",
                originalSha256 == null ? "absent" : "present",
                "present exactly when original.bytes is");
        Checks.require(
                originalSha256 == null || SHA_256.matcher(originalSha256).matches(),
                "original.sha256",
                "another text",
                "64 digits of lower-case hex");
        Checks.notNegative("original.bytes", originalBytes == null ? 0 : originalBytes);
        Checks.instant("first.failed.at", firstFailedAt);
        if (resetsAt != null) {
            Checks.instant("resets.at", resetsAt);
        }
        detail = Detail.of(detail);
    }

    /** Of a request that no budget denied. */
    public DeadLetterHeaders(
            DeadLetterCode code,
            boolean retryable,
            int attempts,
            String detail,
            String originalTopic,
            int originalPartition,
            long originalOffset,
            long originalTimestamp,
            Instant firstFailedAt,
            int redriveCount,
            String appVersion,
            @Nullable String duplicateOf,
            @Nullable String originalSha256,
            @Nullable Long originalBytes) {
        this(
                code,
                retryable,
                attempts,
                detail,
                originalTopic,
                originalPartition,
                originalOffset,
                originalTimestamp,
                firstFailedAt,
                redriveCount,
                appVersion,
                duplicateOf,
                originalSha256,
                originalBytes,
                null);
    }

    /** The headers by name, values as text, in a fixed order. */
    public Map<String, String> toHeaders() {
        return DeadLetterHeaderFormat.write(this);
    }

    /**
     * Reads what {@link #toHeaders} wrote; other headers of the record are ignored.
     *
     * @throws MalformedRecordException if one is missing or is not what it should be
     */
    public static DeadLetterHeaders fromHeaders(Map<String, String> headers) throws MalformedRecordException {
        return DeadLetterHeaderFormat.read(headers);
    }
}
