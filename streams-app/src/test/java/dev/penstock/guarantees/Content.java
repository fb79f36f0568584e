package dev.penstock.guarantees;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record says, read from its bytes alone. */
public sealed interface Content {

    /**
     * A request that can be read; hostile ones are {@link Unreadable}.
     *
     * @param bodyDigest what joins it to provider calls
     */
    record Asked(String tenant, String customId, String model, String prompt, String bodyDigest) implements Content {
        @Override
        public String toString() {
            return "Asked[" + tenant + "/" + customId + "]";
        }
    }

    /** An end of a request: a result or a dead letter. */
    sealed interface Terminal extends Content {
        /** The request's position, as text. */
        String requestId();
    }

    /** A result line. */
    record Result(
            String requestId,
            String customId,
            String tenant,
            String source,
            String text,
            @Nullable String callId,
            @Nullable Instant admittedAt)
            implements Terminal {
        @Override
        public String toString() {
            return "Result[" + requestId + "]";
        }
    }

    /** A dead letter, as its headers tell. */
    record DeadLetter(String requestId, String code, boolean retryable) implements Terminal {}

    /**
     * A usage event.
     *
     * @param status billed, unknown or corrected
     * @param costUsd null where no price is known
     */
    record Usage(
            String eventId,
            String requestId,
            int attempt,
            String tenant,
            String status,
            @Nullable BigDecimal costUsd) implements Content {}

    /**
     * Where a budget stands.
     *
     * @param window day, month or a length
     * @param model whose share it is; null for the whole
     */
    record Budget(String tenant, String window, @Nullable String model, BigDecimal usedUsd, BigDecimal reservedUsd)
            implements Content {}

    /**
     * What a call came to.
     *
     * @param isFinal an answer, or a failure that no retry can mend
     */
    record Outcome(
            String requestId,
            int attempt,
            String kind,
            boolean isFinal,
            @Nullable String callId) implements Content {}

    /** Bytes that are not what their topic holds. */
    record Unreadable(String why) implements Content {}
}
