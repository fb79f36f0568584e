package dev.penstock.pipeline;

import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Counts prompts that are shortened, what is cut from them, and those that cannot be made to fit. */
final class MeteredFitting implements PromptFitting {

    private final PromptFitting fitting;
    private final Counter shortened;
    private final Counter cannotFit;
    private final Counter tokens;

    MeteredFitting(PromptFitting fitting, MeterRegistry meters) {
        this.fitting = fitting;
        this.shortened = prompts(meters, "shortened");
        this.cannotFit = prompts(meters, "cannot_fit");
        this.tokens = Counter.builder("penstock.trimming.tokens")
                .description("Tokens cut from prompts, by our own count")
                .register(meters);
    }

    private static Counter prompts(MeterRegistry meters, String end) {
        return Counter.builder("penstock.trimming.prompts")
                .description("Prompts, once an attempt, that were too long for their target or their request's limit")
                .tag("end", end)
                .register(meters);
    }

    @Override
    public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
        return counted(fitting.fit(target, body, trim, contextTokens, outputCap));
    }

    @Override
    public Fit shorter(String target, ObjectNode refused) {
        return counted(fitting.shorter(target, refused));
    }

    private Fit counted(Fit fit) {
        switch (fit) {
            case Fit.Sendable sendable -> {
                if (sendable.trimmedTokens() > 0) {
                    shortened.increment();
                    tokens.increment((double) sendable.trimmedTokens());
                }
            }
            case Fit.CannotFit cannot -> cannotFit.increment();
        }
        return fit;
    }
}
