package dev.penstock.trimming;

import dev.penstock.config.BudgetsConfig.TokenCount;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.Trim;
import dev.penstock.trimming.Trimming.CannotFit;
import dev.penstock.trimming.Trimming.Fits;
import dev.penstock.trimming.Trimming.Shortened;
import dev.penstock.work.BpeTokenCounter;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.RatioTokenCounter;
import dev.penstock.work.TokenCounter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The stage, ready to be wired into the call runner. What nobody asked to be shortened is not even counted. */
public final class Trimmer implements PromptFitting {

    private static final TrimBudget UNBOUNDED = new TrimBudget("none", Long.MAX_VALUE);

    private final Function<String, TokenCounter> counters;
    private final Map<String, TrimPolicy> policies = new ConcurrentHashMap<>();

    /** @param counters how each target's tokens are counted */
    Trimmer(Function<String, TokenCounter> counters) {
        this.counters = counters;
    }

    /** For targets as they are configured: counted where the tokenizer is known, estimated from the bytes where it is not. */
    public static Trimmer of(List<TargetConfig> targets) {
        Set<String> counted = targets.stream()
                .filter(target -> target.tokenizer() == TokenCount.O200K_BASE)
                .map(TargetConfig::name)
                .collect(Collectors.toUnmodifiableSet());
        TokenCounter estimate = new RatioTokenCounter();
        return new Trimmer(target -> counted.contains(target) ? BpeTokenCounter.o200k() : estimate);
    }

    private TrimPolicy policy(String target) {
        return policies.computeIfAbsent(target, name -> new TrimPolicy(counters.apply(name)));
    }

    @Override
    public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
        OptionalLong context = contextTokens == 0 ? OptionalLong.empty() : OptionalLong.of(contextTokens);
        Optional<TrimBudget> budget = TrimBudget.of(trim, context, Math.max(0, outputCap));
        return budget.isEmpty() ? new Fit.Sendable(body, 0) : fit(policy(target), body, budget.get());
    }

    @Override
    public Fit shorter(String target, ObjectNode refused) {
        TrimPolicy policy = policy(target);
        return switch (policy.trim(refused, UNBOUNDED)) {
            case Fits fits -> fit(policy, refused, TrimBudget.afterRefusal(fits.tokens()));
            case Shortened shortened -> new Fit.Sendable(shortened.body(), shortened.trimmedTokens());
            case CannotFit cannot -> new Fit.CannotFit(cannot.detail());
        };
    }

    private static Fit fit(TrimPolicy policy, ObjectNode body, TrimBudget budget) {
        return switch (policy.trim(body, budget)) {
            case Fits fits -> new Fit.Sendable(body, 0);
            case Shortened shortened -> new Fit.Sendable(shortened.body(), shortened.trimmedTokens());
            case CannotFit cannot -> new Fit.CannotFit(cannot.detail());
        };
    }
}
