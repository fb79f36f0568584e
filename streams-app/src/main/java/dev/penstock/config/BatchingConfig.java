package dev.penstock.config;

import dev.penstock.schemas.BatchDirective;
import java.time.Duration;
import java.util.List;

/**
 * Which small requests share a prompt, and for how long they wait for each other.
 *
 * @param enabled whether any request may; what waits when it is switched off goes on alone
 * @param tenants what holds for a tenant whose policy does not say
 * @param maxItems requests of a call
 * @param window the longest that a request waits for others
 * @param maxTokens of all their texts together
 * @param maxOutputTokens the most that a shared call may answer
 * @param answerFormat how the answer is held to its form
 */
public record BatchingConfig(
        boolean enabled,
        BatchDirective tenants,
        int maxItems,
        Duration window,
        long maxTokens,
        int maxOutputTokens,
        AnswerForm answerFormat) {

    /** How an answer is asked for. */
    public enum AnswerForm {
        /** By a schema, where every target of the chain takes one. */
        JSON_SCHEMA,
        /** As any JSON object, where every target of the chain can be told so. */
        JSON_OBJECT,
        /** By the prompt alone. */
        IN_WORDS
    }

    static final Setting<Boolean> ENABLED = new Setting<>(
            "batching.enabled",
            ValueType.flag(),
            "false",
            "Whether requests that ask for it may share a prompt. Switched off, those that wait for others go by themselves, and calls that are shared are ended as they are.");
    static final Setting<BatchDirective> TENANTS = new Setting<>(
            "batching.tenants",
            ValueType.choice(BatchDirective.class),
            "allow",
            "Whether requests may share prompts of tenants whose policy does not say.");
    static final Setting<Integer> MAX_ITEMS = new Setting<>(
            "batching.max_items", ValueType.wholeNumber(2, 100), "10", "Requests that share a prompt at most.");
    static final Setting<Duration> WINDOW = new Setting<>(
            "batching.window",
            ValueType.duration("100ms", "1m"),
            "250ms",
            "Longest that a request waits for others. One whose deadline leaves no time for it does not wait.");
    static final Setting<Long> MAX_TOKENS = new Setting<>(
            "batching.max_tokens",
            ValueType.wholeNumber(1L, 1_000_000L),
            "8000",
            "Tokens of their texts together. The shared prompt must fit the context of every target.");
    static final Setting<Integer> MAX_OUTPUT_TOKENS = new Setting<>(
            "batching.max_output_tokens",
            ProviderConfig.MAX_OUTPUT_TOKENS.type(),
            "16384",
            "Output cap of a shared prompt: the caps of its requests together, but at most this.");
    static final Setting<AnswerForm> ANSWER_FORMAT = new Setting<>(
            "batching.answer_format",
            ValueType.choice(AnswerForm.class),
            "json_schema",
            "How the answer is held to its form: json_schema, json_object or in_words. Of kind anthropic: always in words.");

    static final List<Setting<?>> SETTINGS =
            List.of(ENABLED, TENANTS, MAX_ITEMS, WINDOW, MAX_TOKENS, MAX_OUTPUT_TOKENS, ANSWER_FORMAT);

    static BatchingConfig from(Values values) {
        return new BatchingConfig(
                values.get(ENABLED),
                values.get(TENANTS),
                values.get(MAX_ITEMS),
                values.get(WINDOW),
                values.get(MAX_TOKENS),
                values.get(MAX_OUTPUT_TOKENS),
                values.get(ANSWER_FORMAT));
    }
}
