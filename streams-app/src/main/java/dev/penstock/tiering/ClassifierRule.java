package dev.penstock.tiering;

import dev.penstock.schemas.Task;
import java.util.EnumMap;
import java.util.Map;

/**
 * How hard a request is if all of its conditions hold.
 *
 * @param name stands in the reason
 * @param task what the request then is
 * @param when what each feature named must be; the others may be anything
 */
record ClassifierRule(String name, Task task, Map<Feature, Range> when) {

    ClassifierRule {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: blank (expected: a name)");
        }
        when = Map.copyOf(when);
        when.forEach((feature, range) -> requirePossible(name, feature, range));
    }

    private static void requirePossible(String name, Feature feature, Range range) {
        if (!range.meets(feature.domain())) {
            throw new IllegalArgumentException(name + "." + Classification.wireName(feature) + ": " + range
                    + " (expected: within " + feature.domain() + ", or the rule cannot match)");
        }
    }

    boolean matches(Map<Feature, Long> features) {
        return when.entrySet().stream()
                .allMatch(condition -> condition.getValue().contains(features.getOrDefault(condition.getKey(), 0L)));
    }

    /** The values of every feature for which it matches. */
    Map<Feature, Range> box() {
        Map<Feature, Range> box = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            box.put(feature, when.getOrDefault(feature, feature.domain()).and(feature.domain()));
        }
        return box;
    }
}
