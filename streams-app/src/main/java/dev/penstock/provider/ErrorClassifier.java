package dev.penstock.provider;

import dev.penstock.provider.ErrorClass.Credentials;
import dev.penstock.provider.ErrorClass.Permanent;
import dev.penstock.provider.ErrorClass.SpendCapped;
import dev.penstock.provider.ErrorClass.Throttled;
import dev.penstock.provider.ErrorClass.Transient;
import dev.penstock.provider.ErrorClass.Unknown;
import dev.penstock.schemas.DeadLetterCode;
import java.util.Set;

/** The error table: from what a provider answered to the class of the error. Pure. */
public final class ErrorClassifier {

    private static final Set<String> SPEND_CODES = Set.of(
            "insufficient_quota",
            "credit_balance_exhausted",
            "credit_balance_too_low",
            "insufficient_credits",
            "insufficient_funds",
            "insufficient_balance",
            "billing_hard_limit_reached",
            "billing_limit_reached",
            "spend_limit_reached",
            "spend_limit_exceeded",
            "spending_limit_reached",
            "spending_limit_exceeded",
            "budget_exceeded");

    private static final Set<String> CONTENT_CODES = Set.of(
            "content_filter",
            "content_policy_violation",
            ErrorClassifier.CONTENT_MODERATION,
            "moderation_blocked",
            "invalid_prompt",
            "ResponsibleAIPolicyViolation");

    private static final Set<String> CONTEXT_CODES = Set.of(
            "context_length_exceeded", "context_window_exceeded", "exceed_context_size_error", "prompt_too_long");

    /** What a dialect calls a request that was refused for what is in it. */
    public static final String CONTENT_MODERATION = "content_moderation";

    /** What a dialect calls a request that takes more of a rate or of the credit than there is, however long it waits. */
    public static final String REQUEST_TOO_LARGE = "request_too_large";

    private ErrorClassifier() {}

    /** The class of an answer that is not a usable success. */
    public static ErrorClass classify(ErrorSignals signals) {
        if (isTooLarge(signals)) {
            return new Permanent(DeadLetterCode.PROVIDER_REQUEST_TOO_LARGE, false);
        }
        ErrorClass byTable = byTable(signals);
        Boolean shouldRetry = signals.shouldRetry();
        if (shouldRetry == null) {
            return byTable;
        }
        return shouldRetry ? madeRetryable(byTable) : madeFinal(byTable);
    }

    /** It comes as a 429 or a 402, but no wait makes the request smaller: the account is as good for others as before. */
    private static boolean isTooLarge(ErrorSignals signals) {
        boolean possible = signals.status() == 429 || signals.status() == 413 || signals.status() == 402;
        return possible && signals.code().equals(REQUEST_TOO_LARGE);
    }

    private static ErrorClass byTable(ErrorSignals signals) {
        if (isSpendCapped(signals)) {
            return new SpendCapped();
        }
        return switch (signals.status()) {
            case 401 -> new Credentials();
            case 403 -> isOfTheRequest(signals) ? refusal(signals) : new Credentials();
            case 402 -> new SpendCapped();
            case 429 -> new Throttled();
            case 408, 409 -> new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, true);
            case 503, 529 -> new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false);
            default -> byRange(signals);
        };
    }

    private static ErrorClass byRange(ErrorSignals signals) {
        return switch (signals.status() / 100) {
            case 4 -> refusal(signals);
            case 5 -> new Transient(DeadLetterCode.PROVIDER_SERVER_ERROR, true);
            default -> new Unknown(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
        };
    }

    /** Some providers send 400 or 403 with the code of an empty account: that is no fault of the request or the key. */
    private static boolean isSpendCapped(ErrorSignals signals) {
        boolean possible = signals.status() == 429 || signals.status() == 400 || signals.status() == 403;
        return possible && signals.retryAfter() == null && says(signals, SPEND_CODES);
    }

    /** For a model, as the 404 for one that there is not, or for its content: the key is as good for others. */
    private static boolean isOfTheRequest(ErrorSignals signals) {
        return signals.code().equals("model_not_found") || says(signals, CONTENT_CODES);
    }

    /** Providers bill a prompt that they had to read before they refused it for its content or its length. */
    private static ErrorClass refusal(ErrorSignals signals) {
        if (says(signals, CONTENT_CODES)) {
            return new Permanent(DeadLetterCode.PROVIDER_CONTENT_REFUSED, true);
        }
        if (says(signals, CONTEXT_CODES) || signals.speaksOfContextLength()) {
            return new Permanent(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true);
        }
        return new Permanent(DeadLetterCode.PROVIDER_BAD_REQUEST, false);
    }

    private static boolean says(ErrorSignals signals, Set<String> words) {
        return words.contains(signals.code()) || words.contains(signals.type());
    }

    private static ErrorClass madeRetryable(ErrorClass error) {
        return switch (error) {
            case Permanent p -> new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, p.possiblyBilled());
            case Credentials c -> new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false);
            case SpendCapped s -> new Throttled();
            case Throttled t -> t;
            case Transient t -> t;
            case Unknown u -> u;
        };
    }

    /** Classes that close a target to every request are left alone: "not again" is what they mean already. */
    private static ErrorClass madeFinal(ErrorClass error) {
        return switch (error) {
            case Permanent p -> p;
            case Credentials c -> c;
            case SpendCapped s -> s;
            case Throttled t -> t;
            case Transient t -> new Permanent(t.code(), t.possiblyBilled());
            case Unknown u -> new Permanent(u.code(), true);
        };
    }
}
