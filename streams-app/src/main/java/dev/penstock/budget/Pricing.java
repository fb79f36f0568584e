package dev.penstock.budget;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.config.BudgetsConfig.TokenCount;
import dev.penstock.config.TargetConfig;
import dev.penstock.config.TierConfig;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Route;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What calls cost at the targets that are configured. */
final class Pricing {

    private final BudgetsConfig budgets;
    private final PriceTable prices;
    private final WorstCasePolicy worst;
    private final Map<String, TargetConfig> targets;

    Pricing(BudgetsConfig budgets, PriceTable prices, List<TargetConfig> targets) {
        this.budgets = budgets;
        this.prices = prices;
        this.worst = new WorstCasePolicy(prices);
        this.targets = targets.stream().collect(Collectors.toMap(TargetConfig::name, Function.identity()));
    }

    /**
     * A target of a tier that has no price, where a price is needed: under budgets with prices, or with a limit in money.
     * A budget in tokens needs none.
     */
    Optional<String> problem(List<TierConfig> tiers) {
        boolean needed = budgets.enabled()
                && (budgets.prices() != null || budgets.defaults().stream().anyMatch(rule -> rule.maxBudget() != null));
        if (!needed) {
            return Optional.empty();
        }
        return tiers.stream()
                .flatMap(tier -> tier.chain().stream().map(target -> unpriced(tier, targets.get(target))))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private @Nullable String unpriced(TierConfig tier, @Nullable TargetConfig target) {
        if (target == null || prices.price(priceOf(target, target.model())).isPresent()) {
            return null;
        }
        return "tiers." + tier.name() + ".chain: " + target.name() + ", of which no price is known (expected: an entry "
                + priceOf(target, target.model()) + " in budgets.prices, or one that targets." + target.name()
                + ".price names)";
    }

    /** The most that one call along a route can come to. */
    WorstCase worst(CountedBody counted, Route route) {
        List<PricedTarget> tried = route.chain().stream()
                .map(targets::get)
                .filter(Objects::nonNull)
                .map(target -> priced(target, route.model()))
                .toList();
        return tried.isEmpty() ? new WorstCase.Unbounded("no target is configured") : worst.of(counted, tried);
    }

    private PricedTarget priced(TargetConfig target, @Nullable String asked) {
        Tokenizer tokenizer = target.tokenizer() == TokenCount.O200K_BASE ? Tokenizer.O200K_BASE : Tokenizer.UTF8_BYTES;
        String model = asked == null ? target.model() : asked;
        return new PricedTarget(priceOf(target, model), tokenizer, target.maxOutputTokens(), target.tokensOfPart());
    }

    /** A target's own entry is of its own model; a request may ask it for another one. */
    private static String priceOf(@Nullable TargetConfig target, String model) {
        return target != null && target.price() != null && target.model().equals(model) ? target.price() : model;
    }

    /** The event with what its usage cost; as it is where that is not known. */
    UsageEvent priced(UsageEvent event) {
        if (event.usage() == null) {
            return event;
        }
        String entry = priceOf(targets.get(event.provider()), event.model());
        return switch (prices.cost(entry, event.usage(), false)) {
            case Cost.Known known -> Events.costing(event, known.usd(), prices.version());
            case Cost.UnknownPrice unknown -> event;
        };
    }

    /** The version that an amount was taken from; null when there is no amount. */
    @Nullable
    String version(@Nullable BigDecimal usd) {
        return usd == null ? null : prices.version();
    }
}
