package dev.penstock.budget;

import dev.penstock.config.TargetConfig;
import dev.penstock.config.TierConfig;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.Request;
import dev.penstock.work.Reservations.Answer;
import dev.penstock.work.Route;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a tenant to the tiers that its policy allows. A request that leaves the tier open takes another one; one that names
 * a tier is denied. A model may be named that an allowed tier has a target for, and only those targets are tried.
 */
final class AllowedTiersPolicy {

    private static final String AUTO = "auto";

    private final List<TierConfig> tiers;
    private final List<TargetConfig> targets;

    /** @param tiers from the smallest tasks to the largest */
    AllowedTiersPolicy(List<TierConfig> tiers, List<TargetConfig> targets) {
        this.tiers = List.copyOf(tiers);
        this.targets = List.copyOf(targets);
    }

    /**
     * What becomes of a route; null if it may be taken.
     *
     * @param allowed by the policy; null for all
     */
    @Nullable
    Answer refuses(Route route, Request request, @Nullable List<String> allowed) {
        if (allowed == null) {
            return null;
        }
        return route.tier() == null ? refusesModel(route, allowed) : refusesTier(route.tier(), request, allowed);
    }

    private @Nullable Answer refusesTier(String tier, Request request, List<String> allowed) {
        if (allowed.contains(tier)) {
            return null;
        }
        boolean open = request.body().path("model").asString(AUTO).equals(AUTO);
        Optional<TierConfig> other = open ? nearest(tier, allowed) : Optional.empty();
        return other.<Answer>map(instead -> instead(new Route(
                        instead.name(), instead.chain(), null, instead.timeout(), tier + " is not an allowed tier")))
                .orElseGet(() -> denied("tier " + tier, allowed));
    }

    /** The nearest one below, or else above. */
    private Optional<TierConfig> nearest(String tier, List<String> allowed) {
        List<String> names = tiers.stream().map(TierConfig::name).toList();
        int at = names.indexOf(tier);
        return IntStream.concat(
                        IntStream.iterate(at - 1, i -> i >= 0, i -> i - 1), IntStream.range(at + 1, tiers.size()))
                .mapToObj(tiers::get)
                .filter(other -> allowed.contains(other.name()))
                .findFirst();
    }

    private @Nullable Answer refusesModel(Route route, List<String> allowed) {
        List<String> chain = route.chain().stream()
                .filter(target -> serves(target, route.model()) && isIn(target, allowed))
                .toList();
        if (chain.isEmpty()) {
            return denied("the model", allowed);
        }
        return chain.equals(route.chain())
                ? null
                : instead(new Route(null, chain, route.model(), route.timeout(), route.reason()));
    }

    private boolean serves(String target, @Nullable String model) {
        return targets.stream().anyMatch(known -> known.name().equals(target) && Objects.equals(known.model(), model));
    }

    private boolean isIn(String target, List<String> allowed) {
        return tiers.stream()
                .anyMatch(tier -> allowed.contains(tier.name()) && tier.chain().contains(target));
    }

    private static Answer.Instead instead(Route route) {
        return new Answer.Instead(route, DeadLetterCode.BUDGET_TIER_NOT_ALLOWED);
    }

    private static Answer.Denied denied(String what, List<String> allowed) {
        return new Answer.Denied(
                DeadLetterCode.BUDGET_TIER_NOT_ALLOWED,
                Detail.of(what + ": not allowed (expected: one of the tiers " + String.join(", ", allowed) + ")"));
    }
}
