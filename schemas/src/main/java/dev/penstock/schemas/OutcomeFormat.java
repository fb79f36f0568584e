package dev.penstock.schemas;

import org.jspecify.annotations.Nullable;

/** An outcome on the wire. */
final class OutcomeFormat {

    private OutcomeFormat() {}

    static void write(Output out, Outcome outcome) {
        out.object(() -> {
            out.text("request_id", outcome.requestId());
            out.integer("attempt", outcome.attempt());
            out.text("tenant", outcome.tenant());
            out.text("owner", outcome.owner());
            out.choice("kind", outcome.kind());
            writeAnswer(out, outcome.answer());
            writeFailure(out, outcome.failure());
            if (outcome.notBefore() != null) {
                out.instant("not_before", outcome.notBefore());
            }
            out.text("provider", outcome.provider());
            out.text("model", outcome.model());
            out.text("tier", outcome.tier());
            PartsFormat.writeUsage(out, outcome.usage());
            PartsFormat.writeAttempts(out, outcome.attempts());
            out.instant("started_at", outcome.startedAt());
            out.instant("ended_at", outcome.endedAt());
            out.text("price_version", outcome.priceVersion());
            if (outcome.trimmedTokens() > 0) {
                out.integer("trimmed_tokens", outcome.trimmedTokens());
            }
        });
    }

    private static void writeAnswer(Output out, Outcome.@Nullable Answer answer) {
        if (answer != null) {
            out.object("answer", () -> {
                out.integer("status_code", answer.statusCode());
                out.text("request_id", answer.providerRequestId());
                out.json("body", answer.body());
            });
        }
    }

    private static void writeFailure(Output out, Outcome.@Nullable Failure failure) {
        if (failure != null) {
            out.object("failure", () -> {
                out.choice("class", failure.failureClass());
                out.choice("code", failure.code());
                out.integer("status_code", failure.statusCode());
                out.flag("possibly_billed", failure.possiblyBilled());
                out.integer(
                        "retry_after_ms",
                        failure.retryAfter() == null
                                ? null
                                : failure.retryAfter().toMillis());
                out.text("detail", failure.detail());
            });
        }
    }

    static Outcome read(Fields from) throws Refusal {
        return new Outcome(
                from.text("request_id"),
                PartsFormat.intOf(from, "attempt", 1),
                from.text("tenant"),
                from.text("owner"),
                from.choice("kind", Outcome.Kind.NAMES),
                answer(from.objectOrNull("answer")),
                failure(from.objectOrNull("failure")),
                from.instantOrNull("not_before"),
                from.text("provider"),
                from.text("model"),
                from.textOrNull("tier"),
                PartsFormat.readUsage(from),
                PartsFormat.readAttempts(from),
                from.instant("started_at"),
                from.instant("ended_at"),
                from.textOrNull("price_version"),
                from.find("trimmed_tokens") == null ? 0 : from.integer("trimmed_tokens", 0, Long.MAX_VALUE));
    }

    private static Outcome.@Nullable Answer answer(@Nullable Fields from) throws Refusal {
        if (from == null) {
            return null;
        }
        return new Outcome.Answer(
                (int) from.integer("status_code", 100, 599), from.textOrNull("request_id"), from.json("body"));
    }

    private static Outcome.@Nullable Failure failure(@Nullable Fields from) throws Refusal {
        if (from == null) {
            return null;
        }
        return new Outcome.Failure(
                from.choice("class", FailureClass.NAMES),
                from.choice("code", DeadLetterCode.NAMES),
                PartsFormat.intOrNull(from, "status_code", 100, 599),
                from.flag("possibly_billed"),
                from.millisOrNull("retry_after_ms", 0, Outcome.Failure.LONGEST_WAIT.toMillis()),
                from.text("detail", 0, Detail.MAX_BYTES));
    }
}
