package dev.penstock.tiering;

import dev.penstock.config.ProviderConfig.UnlistedModels;
import dev.penstock.config.TargetConfig;
import dev.penstock.config.TierConfig;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Task;
import dev.penstock.tiering.TieringDecision.Refused;
import dev.penstock.tiering.TieringDecision.Routed;
import dev.penstock.work.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the targets of a request: {@code tier:NAME} says so itself, {@code auto} follows its task, or what the classifier
 * takes it for; and a model's name pins the targets that serve that model.
 */
final class TieringPolicy {

    private static final String AUTO = "auto";
    private static final String TIER_PREFIX = "tier:";

    /** Whose timeout and first target a model has that no target names, in a request that names no task. */
    private static final Task DEFAULT_TASK = Task.MEDIUM;

    private final List<TargetConfig> targets;
    private final TaskClassifier classifier;
    private final UnlistedModels unlisted;
    private final Map<String, TierConfig> tiers = new LinkedHashMap<>();

    TieringPolicy(List<TargetConfig> targets, List<TierConfig> tiers, TaskClassifier classifier) {
        this(targets, tiers, classifier, UnlistedModels.PASS);
    }

    TieringPolicy(
            List<TargetConfig> targets, List<TierConfig> tiers, TaskClassifier classifier, UnlistedModels unlisted) {
        this.unlisted = unlisted;
        this.targets = List.copyOf(targets);
        this.classifier = classifier;
        tiers.forEach(tier -> this.tiers.put(tier.name(), tier));
    }

    TieringDecision decide(Request request) {
        String model = request.body().path("model").asString(AUTO);
        if (model.equals(AUTO)) {
            return new Routed(auto(request));
        }
        return model.startsWith(TIER_PREFIX)
                ? named(model.substring(TIER_PREFIX.length()))
                : pinned(model, ofTask(request.task()));
    }

    private Route auto(Request request) {
        if (request.task() != null) {
            return of(ofTask(request.task()));
        }
        Classification found = classifier.classify(request.body());
        TierConfig tier = ofTask(found.task());
        return new Route(tier.name(), tier.chain(), null, tier.timeout(), found.reason());
    }

    private TierConfig ofTask(@Nullable Task task) {
        return Objects.requireNonNull(
                tiers.get(Objects.requireNonNullElse(task, DEFAULT_TASK).wireName()));
    }

    private TieringDecision named(String name) {
        TierConfig tier = tiers.get(name);
        return tier == null
                ? new Refused(
                        DeadLetterCode.TIERING_UNKNOWN_TIER,
                        Detail.of("body.model: tier:" + name + " (expected: one of " + String.join(", ", tiers.keySet())
                                + ")"))
                : new Routed(of(tier));
    }

    private static Route of(TierConfig tier) {
        return new Route(tier.name(), tier.chain(), null, tier.timeout());
    }

    private TieringDecision pinned(String model, TierConfig tier) {
        List<String> serving = targets.stream()
                .filter(target -> target.model().equals(model))
                .map(TargetConfig::name)
                .toList();
        if (serving.isEmpty() && unlisted == UnlistedModels.REFUSE) {
            return new Refused(
                    DeadLetterCode.TIERING_NO_TARGET,
                    "body.model: a model that no target has (expected: one of targets.NAME.model)");
        }
        List<String> chain = serving.isEmpty() ? List.of(tier.chain().getFirst()) : serving;
        return new Routed(new Route(null, chain, model, tier.timeout()));
    }
}
