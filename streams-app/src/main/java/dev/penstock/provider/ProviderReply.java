package dev.penstock.provider;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an attempt came to. */
public sealed interface ProviderReply {

    /**
     * The provider answered.
     *
     * @param statusCode 200 to 299
     * @param providerRequestId the provider's own name for the call, if it gave one
     * @param body always an object; the text of the answer is in it, so it is not printed
     * @param usage as the provider counted it, if it said
     */
    record Answered(
            int statusCode,
            @Nullable String providerRequestId,
            JsonNode body,
            @Nullable TokenUsage usage) implements ProviderReply {

        @Override
        public String toString() {
            return "Answered[statusCode=" + statusCode + ", usage=" + usage + "]";
        }
    }

    /**
     * There is no answer to use.
     *
     * @param statusCode null if no response line was read; one that HTTP does not know counts as the nearest of 100 to 599
     * @param possiblyBilled false only if it is certain that nothing was billed
     * @param retryAfter how long the provider asked to be left alone, if it did
     * @param detail in our own words: never text of the provider, of the request or of the key
     * @param usage what was billed, where that could be read although the answer cannot be used
     * @param outOfTime whether the attempt was ended because its time was over
     */
    record Failed(
            FailureClass failureClass,
            DeadLetterCode code,
            @Nullable Integer statusCode,
            boolean possiblyBilled,
            @Nullable Duration retryAfter,
            String detail,
            @Nullable TokenUsage usage,
            boolean outOfTime)
            implements ProviderReply {

        private static final int LEAST_STATUS = 100;
        private static final int GREATEST_STATUS = 599;

        public Failed {
            statusCode = statusCode == null ? null : Math.clamp(statusCode, LEAST_STATUS, GREATEST_STATUS);
        }

        /** One that ended by itself. */
        public Failed(
                FailureClass failureClass,
                DeadLetterCode code,
                @Nullable Integer statusCode,
                boolean possiblyBilled,
                @Nullable Duration retryAfter,
                String detail,
                @Nullable TokenUsage usage) {
            this(failureClass, code, statusCode, possiblyBilled, retryAfter, detail, usage, false);
        }

        /** The same of an attempt whose time was over. */
        public Failed asOutOfTime() {
            return new Failed(failureClass, code, statusCode, possiblyBilled, retryAfter, detail, usage, true);
        }
    }
}
