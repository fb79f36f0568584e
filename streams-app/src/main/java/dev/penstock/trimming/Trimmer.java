package dev.penstock.trimming;

import dev.penstock.schemas.Trim;
import dev.penstock.trimming.Trimming.CannotFit;
import dev.penstock.trimming.Trimming.Fits;
import dev.penstock.trimming.Trimming.Shortened;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.TokenCounter;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The stage, ready to be wired into the call runner. What nobody asked to be shortened is not even counted. */
public final class Trimmer implements PromptFitting {

    private static final TrimBudget UNBOUNDED = new TrimBudget("none", Long.MAX_VALUE);

    private final TrimPolicy policy;

    public Trimmer(TokenCounter counter) {
        this.policy = new TrimPolicy(counter);
    }

    @Override
    public Fit fit(ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
        OptionalLong context = contextTokens == 0 ? OptionalLong.empty() : OptionalLong.of(contextTokens);
        Optional<TrimBudget> budget = TrimBudget.of(trim, context, Math.max(0, outputCap));
        return budget.isEmpty() ? new Fit.Sendable(body, 0) : fit(body, budget.get());
    }

    @Override
    public Fit shorter(ObjectNode refused) {
        return switch (policy.trim(refused, UNBOUNDED)) {
            case Fits fits -> fit(refused, TrimBudget.afterRefusal(fits.tokens()));
            case Shortened shortened -> new Fit.Sendable(shortened.body(), shortened.trimmedTokens());
            case CannotFit cannot -> new Fit.CannotFit(cannot.detail());
        };
    }

    private Fit fit(ObjectNode body, TrimBudget budget) {
        return switch (policy.trim(body, budget)) {
            case Fits fits -> new Fit.Sendable(body, 0);
            case Shortened shortened -> new Fit.Sendable(shortened.body(), shortened.trimmedTokens());
            case CannotFit cannot -> new Fit.CannotFit(cannot.detail());
        };
    }
}
