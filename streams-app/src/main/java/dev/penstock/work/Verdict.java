package dev.penstock.work;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a request ended. Duplicates and followers share the verdict of the request that led. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Verdict.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Verdict.Failure.class, name = "failure")
})
public sealed interface Verdict {

    /** Whether the verdict stands for later duplicates: answers and permanent failures do, what may be retried does not. */
    @JsonIgnore
    boolean isFinal();

    /**
     * A provider answered.
     *
     * @param statusCode the HTTP status of the provider
     * @param providerRequestId the provider's own id for the call
     * @param body the answer, as the provider sent it
     * @param provider the name of the provider that answered
     * @param model the model that was asked
     * @param tier the tier that chose the model, if one did
     * @param attempts every attempt that was made, in order
     * @param usage the tokens that were billed
     * @param costUsd what that cost; null when no price is known
     * @param reservedUsd what was held for the call; null when nothing was
     * @param sentAt when the call left
     * @param answeredAt when the answer was complete
     * @param cachedUsage what the shared call was billed, of an answer that cost nothing itself; null for one of its own
     * @param tierReason why that tier, where the request left it open
     * @param trimmedTokens what was cut from the prompt; null for a whole one
     * @param batchSize how many requests shared the call; null for a call of its own
     */
    record Answer(
            int statusCode,
            @Nullable String providerRequestId,
            JsonNode body,
            String provider,
            String model,
            @Nullable String tier,
            List<AttemptReport> attempts,
            @Nullable TokenUsage usage,
            @Nullable BigDecimal costUsd,
            @Nullable BigDecimal reservedUsd,
            Instant sentAt,
            Instant answeredAt,
            @Nullable TokenUsage cachedUsage,
            @Nullable String tierReason,
            @Nullable Long trimmedTokens,
            @Nullable Integer batchSize)
            implements Verdict {

        private static final TokenUsage NOTHING = new TokenUsage(0, 0, 0, 0);

        /** The answer to a call that it did not share. */
        public Answer(
                int statusCode,
                @Nullable String providerRequestId,
                JsonNode body,
                String provider,
                String model,
                @Nullable String tier,
                List<AttemptReport> attempts,
                @Nullable TokenUsage usage,
                @Nullable BigDecimal costUsd,
                @Nullable BigDecimal reservedUsd,
                Instant sentAt,
                Instant answeredAt,
                @Nullable TokenUsage cachedUsage,
                @Nullable String tierReason,
                @Nullable Long trimmedTokens) {
            this(
                    statusCode,
                    providerRequestId,
                    body,
                    provider,
                    model,
                    tier,
                    attempts,
                    usage,
                    costUsd,
                    reservedUsd,
                    sentAt,
                    answeredAt,
                    cachedUsage,
                    tierReason,
                    trimmedTokens,
                    null);
        }

        /**
         * What one of the requests that shared the call is given.
         *
         * @param own its part of the answer
         * @param tokens its part of the usage
         * @param reason why it went to that tier, where it left it open
         * @param members how many shared it
         */
        public Answer part(
                JsonNode own,
                @Nullable TokenUsage tokens,
                @Nullable BigDecimal cost,
                @Nullable BigDecimal reserved,
                @Nullable String reason,
                int members) {
            return new Answer(
                    statusCode,
                    providerRequestId,
                    own,
                    provider,
                    model,
                    tier,
                    attempts,
                    tokens,
                    cost,
                    reserved,
                    sentAt,
                    answeredAt,
                    null,
                    reason,
                    trimmedTokens,
                    members);
        }

        /** The answer to a call of its own, of which no price is known. */
        public Answer(
                int statusCode,
                @Nullable String providerRequestId,
                JsonNode body,
                String provider,
                String model,
                @Nullable String tier,
                List<AttemptReport> attempts,
                @Nullable TokenUsage usage,
                Instant sentAt,
                Instant answeredAt) {
            this(
                    statusCode,
                    providerRequestId,
                    body,
                    provider,
                    model,
                    tier,
                    attempts,
                    usage,
                    null,
                    null,
                    sentAt,
                    answeredAt,
                    null,
                    null,
                    null);
        }

        /** The same, with what it cost and what was held for it. */
        public Answer costing(@Nullable BigDecimal cost, @Nullable BigDecimal reserved) {
            return new Answer(
                    statusCode,
                    providerRequestId,
                    body,
                    provider,
                    model,
                    tier,
                    attempts,
                    usage,
                    cost,
                    reserved,
                    sentAt,
                    answeredAt,
                    cachedUsage,
                    tierReason,
                    trimmedTokens,
                    batchSize);
        }

        /** The same with another body. */
        public Answer withBody(JsonNode other) {
            return new Answer(
                    statusCode,
                    providerRequestId,
                    other,
                    provider,
                    model,
                    tier,
                    attempts,
                    usage,
                    costUsd,
                    reservedUsd,
                    sentAt,
                    answeredAt,
                    cachedUsage,
                    tierReason,
                    trimmedTokens,
                    batchSize);
        }

        /** The same for a request that nobody was asked for: no attempts, nothing billed. */
        public Answer shared() {
            return new Answer(
                    statusCode,
                    providerRequestId,
                    body,
                    provider,
                    model,
                    tier,
                    List.of(),
                    NOTHING,
                    null,
                    null,
                    sentAt,
                    answeredAt,
                    usage,
                    tierReason,
                    trimmedTokens);
        }

        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /**
     * The request ends on the dead-letter topic.
     *
     * @param code why and where
     * @param retryable whether the same request may succeed later
     * @param attempts how many calls were made for it
     * @param detail for people, at most 256 bytes, never provider or prompt text
     * @param resetsAt when the budget that denied it begins anew; null for any other reason
     */
    record Failure(
            DeadLetterCode code,
            boolean retryable,
            int attempts,
            String detail,
            @Nullable Instant resetsAt) implements Verdict {

        /** A failure that no budget is the reason of. */
        public Failure(DeadLetterCode code, boolean retryable, int attempts, String detail) {
            this(code, retryable, attempts, detail, null);
        }

        /** A failure with the code's own answer to whether a retry may help. */
        public static Failure of(DeadLetterCode code, int attempts, String detail) {
            return new Failure(code, code.retryable(), attempts, detail);
        }

        /** A budget has no room for it until that time. */
        public static Failure denied(DeadLetterCode code, int attempts, String detail, @Nullable Instant resetsAt) {
            return new Failure(code, code.retryable(), attempts, detail, resetsAt);
        }

        @Override
        public boolean isFinal() {
            return !retryable;
        }
    }
}
