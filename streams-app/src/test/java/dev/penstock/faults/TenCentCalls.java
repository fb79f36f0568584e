package dev.penstock.faults;

import dev.penstock.fake.FakeAnswer;
import dev.penstock.guarantees.Promises;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Calls whose bill is known before they leave: eight choices of sixteen tokens each, and every answer is cut at its cap, so
 * that the provider bills exactly what was reserved.
 */
final class TenCentCalls {

    static final BigDecimal BILL = new BigDecimal("0.10");

    private static final String MODEL = "gpt-4o-mini";
    private static final String ANSWERS = "\"n\":8,\"max_completion_tokens\":16";
    private static final String PRICE = "0.00078125";
    private static final int CUT_AT = 64;

    private TenCentCalls() {}

    /** The file of prices that make it ten cents, in that directory. */
    static Path prices(Path directory) {
        try {
            return Files.writeString(
                    directory.resolve("prices.yaml"), "models: {" + MODEL + ": {input: 0, output: " + PRICE + "}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An instance that counts what calls cost. */
    static AppSpec priced(AppSpec spec, Path prices) {
        return spec.with("budgets.enabled", "true")
                .with("budgets.prices", prices.toString())
                .with("provider.model", MODEL);
    }

    static Workload.Line line(String tenant, String id) {
        return new Workload.Line(tenant, id, """
                {"custom_id":"%s","tenant":"%s","body":{"model":"%s",%s,\
                "messages":[{"role":"user","content":"%s"}]}}""".formatted(id, tenant, MODEL, ANSWERS, Workload.prompt(tenant, id)));
    }

    /** All promises, for answers that are cut. */
    static Promises promises() {
        return Promises.all(
                asked -> FakeAnswer.text(asked.model(), asked.prompt()).substring(0, CUT_AT),
                Judgement.DECISION_TO_SEND,
                Judgement.OUTCOME_WITHIN);
    }
}
