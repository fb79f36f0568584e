package dev.penstock.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one dispatched call came to: it holds all that settling needs, so that even a late one can be charged.
 *
 * @param requestId {@code topic-partition-offset} of the request
 * @param attempt which dispatch of that request this was, from 1
 * @param owner instance and run that made the call
 * @param answer present exactly when the kind is {@code ANSWERED}
 * @param failure present when the kind is {@code FAILED}, absent when it is {@code ANSWERED}
 * @param notBefore when the call may be tried again; present exactly when the kind is {@code PARKED}
 * @param usage what the provider says it used; an answer that was too large to keep has it as well
 * @param attempts what the runner tried within this dispatch, in order
 * @param priceVersion the price table in force when the call was admitted
 * @param trimmedTokens what was cut from the prompt that was sent last; 0 for a whole one
 */
public record Outcome(
        String requestId,
        int attempt,
        String tenant,
        String owner,
        Kind kind,
        @Nullable Answer answer,
        @Nullable Failure failure,
        @Nullable Instant notBefore,
        String provider,
        String model,
        @Nullable String tier,
        @Nullable TokenUsage usage,
        List<AttemptReport> attempts,
        Instant startedAt,
        Instant endedAt,
        @Nullable String priceVersion,
        long trimmedTokens) {

    public static final int MAX_ATTEMPTS = 1_000;

    /** The five ways in which a dispatch ends. */
    public enum Kind implements WireName {
        ANSWERED,
        FAILED,
        /** Certainly never left: drain, too late to start, or the task was lost. */
        NOT_SENT,
        /** Certainly not billed, and not to be tried again before {@code notBefore}. */
        PARKED,
        /** Nobody knows: the run that made it died. */
        LOST;

        static final WireNames<Kind> NAMES = WireNames.of(values());

        private final String wireName = WireNames.lowerCase(this);

        @Override
        public String wireName() {
            return wireName;
        }
    }

    /**
     * A provider's answer.
     *
     * @param providerRequestId the provider's id for the call, bounded as {@link Detail} does
     * @param body the answer as JSON, kept as it came
     */
    public record Answer(int statusCode, @Nullable String providerRequestId, JsonNode body) {
        public Answer {
            Checks.statusCode(statusCode);
            providerRequestId =
                    providerRequestId == null || providerRequestId.isEmpty() ? null : Detail.of(providerRequestId);
        }

        @Override
        public String toString() {
            return "Answer[statusCode=" + statusCode + "]";
        }
    }

    /**
     * Why there is no answer.
     *
     * @param possiblyBilled whether the provider may charge for it
     * @param retryAfter how long the provider asked us to wait, in whole milliseconds, at most a year
     * @param detail for people; no provider body, bounded as {@link Detail} does
     */
    public record Failure(
            FailureClass failureClass,
            DeadLetterCode code,
            @Nullable Integer statusCode,
            boolean possiblyBilled,
            @Nullable Duration retryAfter,
            String detail) {

        static final Duration LONGEST_WAIT = Duration.ofDays(365);

        public Failure {
            if (statusCode != null) {
                Checks.statusCode(statusCode);
            }
            retryAfter = retryAfter == null ? null : bounded(retryAfter);
            detail = Detail.of(detail);
        }

        private static Duration bounded(Duration wait) {
            Duration whole = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : Duration.ofMillis(wait.toMillis());
            return whole.isNegative() ? Duration.ZERO : whole;
        }
    }

    /** Of a prompt that was sent whole. */
    public Outcome(
            String requestId,
            int attempt,
            String tenant,
            String owner,
            Kind kind,
            @Nullable Answer answer,
            @Nullable Failure failure,
            @Nullable Instant notBefore,
            String provider,
            String model,
            @Nullable String tier,
            @Nullable TokenUsage usage,
            List<AttemptReport> attempts,
            Instant startedAt,
            Instant endedAt,
            @Nullable String priceVersion) {
        this(
                requestId,
                attempt,
                tenant,
                owner,
                kind,
                answer,
                failure,
                notBefore,
                provider,
                model,
                tier,
                usage,
                attempts,
                startedAt,
                endedAt,
                priceVersion,
                0);
    }

    public Outcome {
        Checks.notNegative("trimmed_tokens", trimmedTokens);
        Checks.text("request_id", requestId);
        Checks.positive("attempt", attempt);
        Checks.tenant(tenant);
        Checks.text("owner", owner);
        Checks.text("provider", provider);
        Checks.text("model", model);
        Checks.textOrNull("tier", tier);
        Checks.instant("started_at", startedAt);
        Checks.instant("ended_at", endedAt);
        Checks.textOrNull("price_version", priceVersion);
        Checks.require(
                (kind == Kind.ANSWERED) == (answer != null),
                "answer",
                answer == null ? "absent" : "present",
                "only if answered");
        Checks.require(kind != Kind.FAILED || failure != null, "failure", "absent", "present if failed");
        Checks.require(kind != Kind.ANSWERED || failure == null, "failure", "present", "absent if answered");
        Checks.require(
                (kind == Kind.PARKED) == (notBefore != null),
                "not_before",
                notBefore == null ? "absent" : "present",
                "present exactly if parked");
        if (notBefore != null) {
            Checks.instant("not_before", notBefore);
        }
        attempts = List.copyOf(attempts);
        Checks.require(attempts.size() <= MAX_ATTEMPTS, "attempts", attempts.size(), "at most " + MAX_ATTEMPTS);
    }
}
