package dev.penstock.tiering;

import dev.penstock.schemas.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says how hard a request is that does not say so itself: the first rule that matches decides. Deterministic, and a function
 * of the request and the rules alone, so that a request is sent the same way twice.
 */
final class TaskClassifier {

    static final int MAX_RULES = 64;

    /** What holds where nobody configured rules. */
    static final List<ClassifierRule> DEFAULT_RULES = List.of(
            new ClassifierRule("long_prompt", Task.COMPLEX, Map.of(Feature.CHARACTERS, Range.atLeast(16_000))),
            new ClassifierRule("long_answer", Task.COMPLEX, Map.of(Feature.OUTPUT_CAP, Range.atLeast(4_097))),
            new ClassifierRule("many_tools", Task.COMPLEX, Map.of(Feature.TOOLS, Range.atLeast(4))),
            new ClassifierRule(
                    "reasoning_on_code",
                    Task.COMPLEX,
                    Map.of(Feature.CODE, Range.atLeast(1), Feature.DEMANDING, Range.atLeast(1))),
            new ClassifierRule("short_answer", Task.SIMPLE, easy(Feature.OUTPUT_CAP, new Range(1, 256))),
            new ClassifierRule("plain_question", Task.SIMPLE, easy(Feature.PLAIN, Range.atLeast(1))));

    static final Task DEFAULT_TASK = Task.MEDIUM;

    private final List<ClassifierRule> rules;
    private final Task otherwise;

    /**
     * Checks the rules.
     *
     * @param otherwise what a request is that no rule matches
     * @throws IllegalArgumentException if a rule cannot match, bears another's name, or there are too many
     */
    TaskClassifier(List<ClassifierRule> rules, Task otherwise) {
        if (rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("rules: " + rules.size() + " (expected: at most " + MAX_RULES + ")");
        }
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
        requireDifferentNames();
        requireReach();
    }

    private static Map<Feature, Range> easy(Feature feature, Range range) {
        return Map.of(
                feature,
                range,
                Feature.CHARACTERS,
                Range.atMost(2_000),
                Feature.TOOLS,
                Range.atMost(0),
                Feature.CODE,
                Range.atMost(0),
                Feature.DEMANDING,
                Range.atMost(0));
    }

    private void requireDifferentNames() {
        Set<String> names = new HashSet<>();
        for (ClassifierRule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException(rule.name() + ": a second rule of that name (expected: one)");
            }
        }
    }

    private void requireReach() {
        for (int i = 0; i < rules.size(); i++) {
            if (!RuleReach.canMatch(rules.get(i), rules.subList(0, i))) {
                throw new IllegalArgumentException(
                        rules.get(i).name() + ": cannot match (expected: a request that no rule before it takes)");
            }
        }
    }

    Classification classify(ObjectNode body) {
        Map<Feature, Long> features = RequestFeatures.of(body);
        return rules.stream()
                .filter(rule -> rule.matches(features))
                .findFirst()
                .map(rule -> Classification.by(rule, features))
                .orElseGet(() -> Classification.byDefault(otherwise));
    }
}
