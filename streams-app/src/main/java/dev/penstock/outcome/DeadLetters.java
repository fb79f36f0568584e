package dev.penstock.outcome;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.work.Emission;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Verdict;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Says, in headers, why a request ended as a dead letter and where it came from. */
final class DeadLetters {

    /** What is kept of a value that is too large to copy. */
    static final int CUT_BYTES = 4 * 1024;

    private final String appVersion;

    DeadLetters(String appVersion) {
        this.appVersion = appVersion;
    }

    /**
     * A dead letter that has not been measured.
     *
     * @param headers why and where
     */
    record Draft(DeadLetterHeaders headers) {

        /** The same, for a value that is too large: with the checksum and size of the whole. */
        Draft cut(byte[] original) {
            return new Draft(new DeadLetterHeaders(
                    headers.code(),
                    headers.retryable(),
                    headers.attempts(),
                    headers.detail(),
                    headers.originalTopic(),
                    headers.originalPartition(),
                    headers.originalOffset(),
                    headers.originalTimestamp(),
                    headers.firstFailedAt(),
                    headers.redriveCount(),
                    headers.appVersion(),
                    headers.duplicateOf(),
                    sha256(original),
                    (long) original.length,
                    headers.resetsAt()));
        }

        byte[] firstBytes(byte[] original) {
            return Arrays.copyOf(original, Math.min(original.length, CUT_BYTES));
        }
    }

    Draft of(Emission.Refusal refusal) {
        return draft(
                refusal.code(),
                refusal.code().retryable(),
                0,
                refusal.detail(),
                refusal.origin(),
                refusal.at(),
                null,
                null);
    }

    Draft of(Emission.Terminal terminal, Verdict.Failure failure, Instant now) {
        return draft(
                failure.code(),
                failure.retryable(),
                failure.attempts(),
                failure.detail(),
                terminal.ticket().origin(),
                now,
                terminal.duplicateOf(),
                failure.resetsAt());
    }

    private Draft draft(
            DeadLetterCode code,
            boolean retryable,
            int attempts,
            String detail,
            Origin origin,
            Instant failedAt,
            @Nullable RequestId duplicateOf,
            @Nullable Instant resetsAt) {
        return new Draft(new DeadLetterHeaders(
                code,
                retryable,
                attempts,
                detail,
                origin.id().topic(),
                origin.id().partition(),
                origin.id().offset(),
                origin.timestampMillis(),
                failedAt,
                origin.redriveCount(),
                appVersion,
                duplicateOf == null ? null : duplicateOf.toString(),
                null,
                null,
                resetsAt));
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
