package dev.penstock.schemas;

/** What to do about a dead letter of each code. A code without an answer does not compile. */
public final class DeadLetterRemedy {

    private DeadLetterRemedy() {}

    /** One or two sentences for people, in Markdown, as docs/dead-letter-codes.md shows them. */
    public static String of(DeadLetterCode code) {
        return switch (code) {
            case INTAKE_EMPTY -> "Send a value. Deletions mean nothing on this topic.";
            case INTAKE_TOO_LARGE ->
                "Make the request smaller, or raise `intake.max_bytes` and the sizes above it. Large lists of numbers may stand in a string.";
            case INTAKE_MALFORMED_JSON ->
                "Send one JSON object in UTF-8 without a byte order mark; nothing may follow it. `NaN` is no JSON.";
            case INTAKE_INVALID_UTF8 -> "Encode as UTF-8. Look for text that was cut in the middle of a character.";
            case INTAKE_DUPLICATE_FIELD -> "Send each member once; two readers may take different ones.";
            case INTAKE_TOO_DEEP -> "Nest less: at most 128 arrays and objects.";
            case INTAKE_NUMBER_TOO_LONG ->
                "Send it as a string, or with fewer than 1,000 characters and an exponent within 999,999,999.";
            case INTAKE_STRING_TOO_LONG -> "Shorten it.";
            case INTAKE_MISSING_FIELD -> "Add the field that the detail names.";
            case INTAKE_INVALID_FIELD -> "Mend the field that the detail names, by the rule that it names.";
            case INTAKE_TENANT_MISMATCH -> "Leave one of the two out, or make them equal.";
            case INTAKE_INVALID_TENANT -> "Use 1 to 128 characters of `A-Z a-z 0-9 . _ / -`.";
            case INTAKE_UNSIGNED_TENANT ->
                "Send it by way of the gateway that signs for the tenant. If that did send it: does it have a key of `intake.signature_key`, and is the value unchanged since?";
            case INTAKE_UNSUPPORTED_URL -> "Only `/v1/chat/completions` is served.";
            case INTAKE_STREAM_UNSUPPORTED -> "Leave `stream` out: the whole answer is in the result.";
            case INTAKE_MISROUTED ->
                "The topics do not have the same number of partitions, or something else writes to `llm.rerouted`. Mend that (`topics check`), then replay.";
            case INTAKE_HEADERS_TOO_LARGE -> "Send fewer or shorter headers.";
            case IDEMPOTENCY_CONFLICT -> "Use a new key for a new request. The first request keeps its answer.";
            case TIERING_UNKNOWN_TIER ->
                "Ask for a tier that is configured (`tiers.NAME`), for a model, or for `auto`.";
            case TIERING_NO_TARGET -> "Configure a target that serves what the request asks for, then replay.";
            case TRIMMING_CANNOT_FIT ->
                "`detail` names the limit and what was kept: raise `trim.max_input_tokens`, shorten system prompt, tools or the last user turn, or use a target with more `context_tokens`.";
            case BUDGET_EXCEEDED ->
                "Replay after the time in `llm.dlq.resets.at`, or raise the tenant's budget (`tenants set`).";
            case BUDGET_POLICY_INVALID ->
                "Write a valid policy for the tenant (`tenants set`); the alert names the field that was refused. Then replay.";
            case BUDGET_PRICE_UNKNOWN -> "Price the model that `detail` names in `budgets.prices`, then replay.";
            case BUDGET_UNBOUNDED ->
                "Leave the content out whose tokens cannot be bounded, or state its most tokens in `budgets.tokens_of_part`.";
            case BUDGET_TIER_NOT_ALLOWED ->
                "Ask for a tier that the detail names, or for `auto`; or allow it (`allowed_tiers` of the policy, `penstock tenants set`), then replay.";
            case DISPATCH_DEADLINE -> "Replay with a later deadline, if the answer is still wanted.";
            case DISPATCH_IN_DOUBT ->
                "Look at the provider's own log. To rather pay twice, send it again under a new key, or with `in_doubt: retry`.";
            case DISPATCH_LOST ->
                "Find out why instances end; if they end together with this request, it may be the cause. Each lost call may have been billed, and is on `llm.usage` as `unknown`. Then replay.";
            case DISPATCH_CROWDED ->
                "Replay when the request that it repeats has ended; repeat it less often until then. If that one waits for long, a budget or a target holds it back.";
            case DISPATCH_ENTRY_TOO_LARGE -> "Make the request smaller.";
            case PROVIDER_BAD_REQUEST -> "Mend the body; the provider's documentation says what it takes.";
            case PROVIDER_CONTENT_REFUSED -> "Change the content.";
            case PROVIDER_CONTEXT_LENGTH ->
                "Shorten the prompt, let it be trimmed (`trim`), or choose a model with a larger context.";
            case PROVIDER_REQUEST_TOO_LARGE ->
                "Ask for less output (`max_completion_tokens`), shorten the prompt, or use an account with a higher limit.";
            case PROVIDER_UNTRANSLATABLE ->
                "Leave out the field that the detail names, or ask for a tier with a target that takes it.";
            case PROVIDER_CREDENTIALS -> "Mend the key (`provider.api_key`), then replay.";
            case PROVIDER_SPEND_CAPPED -> "Top up the account, then replay.";
            case PROVIDER_THROTTLED -> "Replay later, or at a lower rate.";
            case PROVIDER_UNAVAILABLE -> "Replay when the provider is back.";
            case PROVIDER_SERVER_ERROR -> "Replay; the attempt is charged as an unknown spend.";
            case PROVIDER_TIMEOUT -> "Replay, or raise `provider.timeout`; the attempt is charged as an unknown spend.";
            case PROVIDER_CUT -> "Replay; the attempt is charged as an unknown spend.";
            case PROVIDER_UNUSABLE_ANSWER ->
                "Replay. If it stays, check `provider.base_url`: something other than the provider may be answering.";
            case PROVIDER_ANSWER_TOO_LARGE ->
                "Lower the output cap, or raise `provider.max_answer_bytes`. The usage was billed and is on `llm.usage`.";
            case OUTCOME_RESULT_TOO_LARGE ->
                "Lower the output cap or send less metadata. The usage was billed and is on `llm.usage`.";
        };
    }
}
