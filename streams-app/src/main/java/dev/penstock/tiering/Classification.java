package dev.penstock.tiering;

import dev.penstock.schemas.Task;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How hard a request seems to be, and why.
 *
 * @param task decides the tier
 * @param reason for people: the rule, and what it saw; numbers alone, nothing of the prompt
 */
record Classification(Task task, String reason) {

    static Classification by(ClassifierRule rule, Map<Feature, Long> features) {
        String seen = new TreeMap<>(rule.when())
                .entrySet().stream()
                        .map(condition -> wireName(condition.getKey()) + " "
                                + features.getOrDefault(condition.getKey(), 0L) + " in " + condition.getValue())
                        .collect(Collectors.joining(", "));
        return new Classification(rule.task(), "rule " + rule.name() + (seen.isEmpty() ? "" : ": " + seen));
    }

    static Classification byDefault(Task task) {
        return new Classification(task, "no rule matched");
    }

    static String wireName(Feature feature) {
        return feature.name().toLowerCase(Locale.ROOT);
    }
}
