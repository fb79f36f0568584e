package dev.penstock.schemas;

import java.util.Optional;

/**
 * Every reason for which a request can end on the dead-letter topic, as {@code stage.reason}. The list is closed: a new
 * code is added here, in the schema of the headers and in docs/dead-letter-codes.md before anything may use it.
 */
public enum DeadLetterCode implements WireName {
    INTAKE_EMPTY(Stage.INTAKE, "empty", false, "The record has no value, or only white space"),
    INTAKE_TOO_LARGE(
            Stage.INTAKE,
            "too_large",
            false,
            "The value has more bytes than intake.max_bytes, or more than 50,000 JSON values"),
    INTAKE_MALFORMED_JSON(Stage.INTAKE, "malformed_json", false, "The value is not one JSON object"),
    INTAKE_INVALID_UTF8(Stage.INTAKE, "invalid_utf8", false, "The bytes are not UTF-8, or hold half a surrogate pair"),
    INTAKE_DUPLICATE_FIELD(Stage.INTAKE, "duplicate_field", false, "An object has two members of one name"),
    INTAKE_TOO_DEEP(Stage.INTAKE, "too_deep", false, "Arrays and objects are nested too deeply"),
    INTAKE_NUMBER_TOO_LONG(
            Stage.INTAKE, "number_too_long", false, "A number has too many characters or too large an exponent"),
    INTAKE_STRING_TOO_LONG(Stage.INTAKE, "string_too_long", false, "A string or a member name is too long"),
    INTAKE_MISSING_FIELD(Stage.INTAKE, "missing_field", false, "A required field is absent"),
    INTAKE_INVALID_FIELD(Stage.INTAKE, "invalid_field", false, "A field has a value that its rule forbids"),
    INTAKE_TENANT_MISMATCH(
            Stage.INTAKE, "tenant_mismatch", false, "The record key and the field tenant name different tenants"),
    INTAKE_INVALID_TENANT(Stage.INTAKE, "invalid_tenant", false, "The tenant's name is not one that is allowed"),
    INTAKE_UNSIGNED_TENANT(
            Stage.INTAKE,
            "unsigned_tenant",
            false,
            "The tenant's requests must be signed, and the signature is absent or wrong"),
    INTAKE_UNSUPPORTED_URL(Stage.INTAKE, "unsupported_url", false, "The url is not /v1/chat/completions"),
    INTAKE_STREAM_UNSUPPORTED(
            Stage.INTAKE, "stream_unsupported", false, "body.stream is true, and a topic cannot stream"),
    INTAKE_MISROUTED(
            Stage.INTAKE,
            "misrouted",
            true,
            "The record was rerouted to its tenant's partition and is in a wrong one again"),
    INTAKE_HEADERS_TOO_LARGE(
            Stage.INTAKE, "headers_too_large", false, "The record's headers are too large to be carried along"),
    IDEMPOTENCY_CONFLICT(Stage.IDEMPOTENCY, "conflict", false, "The idempotency key was used for another request"),
    TIERING_UNKNOWN_TIER(Stage.TIERING, "unknown_tier", false, "No tier of that name is configured"),
    TIERING_NO_TARGET(Stage.TIERING, "no_target", true, "No configured target can serve the request"),
    TRIMMING_CANNOT_FIT(
            Stage.TRIMMING, "cannot_fit", false, "What must be kept of the prompt is over its token budget"),
    BUDGET_EXCEEDED(
            Stage.BUDGET, "exceeded", true, "The tenant's budget does not hold the most that the call could cost"),
    BUDGET_POLICY_INVALID(
            Stage.BUDGET, "policy_invalid", true, "The tenant's policy cannot be read, and there was none before it"),
    BUDGET_PRICE_UNKNOWN(
            Stage.BUDGET, "price_unknown", true, "A budget in money is in force, and a model's price is not known"),
    BUDGET_UNBOUNDED(
            Stage.BUDGET, "unbounded", true, "A budget is in force, and part of the request has no bound in tokens"),
    BUDGET_TIER_NOT_ALLOWED(
            Stage.BUDGET, "tier_not_allowed", true, "The tenant's policy does not allow the tier or model asked for"),
    DISPATCH_DEADLINE(Stage.DISPATCH, "deadline", true, "The deadline passed before an answer came"),
    DISPATCH_IN_DOUBT(
            Stage.DISPATCH,
            "in_doubt",
            false,
            "The call may have been made and paid for, and the request asked not to repeat it"),
    DISPATCH_LOST(
            Stage.DISPATCH,
            "lost",
            true,
            "Calls for it were lost with their instances, as many as one request may lose"),
    DISPATCH_CROWDED(
            Stage.DISPATCH,
            "crowded",
            true,
            "Too many requests of the tenant wait for the end of another one that asks the same"),
    DISPATCH_ENTRY_TOO_LARGE(
            Stage.DISPATCH, "entry_too_large", false, "The request is too large for the in-flight store"),
    PROVIDER_BAD_REQUEST(Stage.PROVIDER, "bad_request", false, "The provider refused the request as wrong"),
    PROVIDER_CONTENT_REFUSED(Stage.PROVIDER, "content_refused", false, "The provider refused the content"),
    PROVIDER_CONTEXT_LENGTH(Stage.PROVIDER, "context_length", false, "The prompt does not fit the model's context"),
    PROVIDER_REQUEST_TOO_LARGE(
            Stage.PROVIDER,
            "request_too_large",
            false,
            "The request asks for more tokens than the account is given in a minute, or more output than its credit covers"),
    PROVIDER_UNTRANSLATABLE(
            Stage.PROVIDER,
            "untranslatable",
            false,
            "The request has a field that no target of its chain can be given"),
    PROVIDER_CREDENTIALS(Stage.PROVIDER, "credentials", true, "The provider refused our key"),
    PROVIDER_SPEND_CAPPED(Stage.PROVIDER, "spend_capped", true, "The provider account is out of credit or quota"),
    PROVIDER_THROTTLED(Stage.PROVIDER, "throttled", true, "The provider asked for a slower pace"),
    PROVIDER_UNAVAILABLE(Stage.PROVIDER, "unavailable", true, "The provider could not be reached, or was overloaded"),
    PROVIDER_SERVER_ERROR(Stage.PROVIDER, "server_error", true, "The provider failed; the call may have been billed"),
    PROVIDER_TIMEOUT(
            Stage.PROVIDER, "timeout", true, "The provider did not answer in time; the call may have been billed"),
    PROVIDER_CUT(Stage.PROVIDER, "cut", true, "The connection broke off before the answer was complete"),
    PROVIDER_UNUSABLE_ANSWER(
            Stage.PROVIDER, "unusable_answer", true, "The provider answered 200 with something that is no answer"),
    PROVIDER_ANSWER_TOO_LARGE(
            Stage.PROVIDER, "answer_too_large", false, "The answer is larger than provider.max_answer_bytes"),
    OUTCOME_RESULT_TOO_LARGE(Stage.OUTCOME, "result_too_large", false, "The result is larger than a record may be");

    static final WireNames<DeadLetterCode> NAMES = WireNames.of(values());

    private final Stage stage;
    private final String reason;
    private final String code;
    private final boolean retryable;
    private final String meaning;

    DeadLetterCode(Stage stage, String reason, boolean retryable, String meaning) {
        this.stage = stage;
        this.reason = reason;
        this.code = stage.wireName() + "." + reason;
        this.retryable = retryable;
        this.meaning = meaning;
    }

    /** The code of that name, if the list has it. */
    public static Optional<DeadLetterCode> fromCode(String code) {
        return NAMES.find(code);
    }

    /** {@code stage.reason}, as it stands in headers and metrics. */
    public String code() {
        return code;
    }

    public Stage stage() {
        return stage;
    }

    public String reason() {
        return reason;
    }

    /** Whether the same record may succeed when it is replayed unchanged; such a failure is not final for its key. */
    public boolean retryable() {
        return retryable;
    }

    /** One sentence for people, without a full stop. */
    public String meaning() {
        return meaning;
    }

    @Override
    public String wireName() {
        return code;
    }
}
