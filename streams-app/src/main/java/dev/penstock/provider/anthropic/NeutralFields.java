package dev.penstock.provider.anthropic;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Fields without a counterpart that many clients send all the same, with the one value that asks for nothing. */
final class NeutralFields {

    private static final List<Neutral> ALL = List.of(
            new Neutral("n", "1", value -> isNumber(value, BigDecimal.ONE)),
            new Neutral("stream", "false", NeutralFields::isFalse),
            new Neutral("logprobs", "false", NeutralFields::isFalse),
            new Neutral("top_logprobs", "0", NeutralFields::isZero),
            new Neutral("logit_bias", "empty", value -> value.isObject() && value.isEmpty()),
            new Neutral("presence_penalty", "0", NeutralFields::isZero),
            new Neutral("frequency_penalty", "0", NeutralFields::isZero),
            new Neutral("response_format", "the type text", NeutralFields::isPlainText),
            new Neutral("modalities", "text alone", value -> value.size() == 1 && isText(value.path(0), "text")),
            new Neutral("reasoning_effort", "none", value -> isText(value, "none")));

    private record Neutral(String field, String rule, Predicate<JsonNode> holds) {}

    private NeutralFields() {}

    static void check(Asked body) throws Untranslatable {
        for (Neutral one : ALL) {
            if (!body.take(one.field()).map(one.holds()::test).orElse(true)) {
                throw body.refusal(one.field(), one.rule() + ": Anthropic has no such field");
            }
        }
    }

    private static boolean isFalse(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }

    private static boolean isZero(JsonNode value) {
        return isNumber(value, BigDecimal.ZERO);
    }

    /** By value: 1.0 is 1. */
    private static boolean isNumber(JsonNode value, BigDecimal wanted) {
        return value.isNumber() && value.decimalValue().compareTo(wanted) == 0;
    }

    private static boolean isText(JsonNode value, String wanted) {
        return value.isString() && value.stringValue().equals(wanted);
    }

    private static boolean isPlainText(JsonNode value) {
        return value.isObject() && value.size() == 1 && isText(value.path("type"), "text");
    }
}
