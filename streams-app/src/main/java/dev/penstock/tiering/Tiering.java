package dev.penstock.tiering;

import dev.penstock.config.ClassifierRuleConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.work.Lead;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The tiering stage, ready to be wired. */
public final class Tiering {

    private Tiering() {}

    /**
     * The stage that gives each request its route.
     *
     * @param listener is told which
     */
    public static ProcessorSupplier<String, Lead, String, Object> stage(
            PenstockConfig config, TieringListener listener, TieringRoutes routes) {
        TieringPolicy policy = new TieringPolicy(
                config.targets(),
                config.tiers(),
                classifier(config),
                config.provider().unlistedModels());
        return () -> new TieringProcessor(policy, listener, routes);
    }

    /** What is wrong with the classifier's rules as a whole; empty if nothing is. */
    public static Optional<String> problem(PenstockConfig config) {
        try {
            classifier(config);
            return Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.of("classifier." + wrong.getMessage());
        }
    }

    private static TaskClassifier classifier(PenstockConfig config) {
        List<ClassifierRule> rules =
                config.classifier().stream().map(Tiering::rule).toList();
        return new TaskClassifier(rules.isEmpty() ? TaskClassifier.DEFAULT_RULES : rules, TaskClassifier.DEFAULT_TASK);
    }

    private static ClassifierRule rule(ClassifierRuleConfig rule) {
        Map<Feature, Range> when = new EnumMap<>(Feature.class);
        rule.when()
                .forEach((name, bounds) -> when.put(
                        Feature.valueOf(name.toUpperCase(Locale.ROOT)), new Range(bounds.from(), bounds.to())));
        return new ClassifierRule(rule.name(), rule.task(), when);
    }
}
