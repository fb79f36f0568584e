package dev.penstock.schemas;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts that several records have in common: usage, attempts, provider. */
final class PartsFormat {

    private PartsFormat() {}

    static void writeUsage(Output out, @Nullable TokenUsage usage) {
        writeUsage(out, "usage", usage);
    }

    static void writeUsage(Output out, String name, @Nullable TokenUsage usage) {
        if (usage != null) {
            out.object(name, () -> {
                out.integer("prompt_tokens", usage.promptTokens());
                out.integer("completion_tokens", usage.completionTokens());
                out.integer("total_tokens", usage.totalTokens());
                out.integer("cached_tokens", usage.cachedTokens());
                out.integer("reasoning_tokens", usage.reasoningTokens());
            });
        }
    }

    static @Nullable TokenUsage readUsage(Fields from) throws Refusal {
        return readUsage(from, "usage");
    }

    static @Nullable TokenUsage readUsage(Fields from, String name) throws Refusal {
        Fields usage = from.objectOrNull(name);
        if (usage == null) {
            return null;
        }
        return new TokenUsage(
                tokens(usage, "prompt_tokens"),
                tokens(usage, "completion_tokens"),
                usage.find("cached_tokens") == null ? 0 : tokens(usage, "cached_tokens"),
                usage.find("reasoning_tokens") == null ? 0 : tokens(usage, "reasoning_tokens"));
    }

    private static long tokens(Fields usage, String name) throws Refusal {
        return usage.integer(name, 0, TokenUsage.MAX_TOKENS);
    }

    static void writeAttempts(Output out, List<AttemptReport> attempts) {
        out.array(
                "attempts",
                attempts,
                attempt -> out.object(() -> {
                    out.text("target", attempt.target());
                    out.text("outcome", attempt.outcome());
                    out.integer("ms", attempt.millis());
                }));
    }

    static List<AttemptReport> readAttempts(Fields from) throws Refusal {
        List<AttemptReport> attempts = new ArrayList<>();
        for (Fields attempt : from.objects("attempts", Outcome.MAX_ATTEMPTS)) {
            attempts.add(new AttemptReport(
                    attempt.text("target", 0, Fields.MAX_TEXT),
                    attempt.text("outcome", 0, Fields.MAX_TEXT),
                    attempt.integer("ms", 0, Long.MAX_VALUE)));
        }
        return attempts;
    }

    static int intOf(Fields from, String name, int min) throws Refusal {
        return (int) from.integer(name, min, Integer.MAX_VALUE);
    }

    static @Nullable Integer intOrNull(Fields from, String name, int min, int max) throws Refusal {
        Long value = from.integerOrNull(name, min, max);
        return value == null ? null : value.intValue();
    }
}
