package dev.penstock.tiering;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds rules that cannot match because those before them take everything. A rule is a box with a side for each feature;
 * what the earlier boxes leave of it is cut into boxes again, and nothing left is nothing to match.
 */
final class RuleReach {

    /** Enough for any list that a person writes; past it a rule counts as one that can match. */
    private static final int MAX_PIECES = 20_000;

    private RuleReach() {}

    static boolean canMatch(ClassifierRule rule, List<ClassifierRule> earlier) {
        List<Map<Feature, Range>> left = List.of(rule.box());
        for (ClassifierRule other : earlier) {
            left = without(left, other.box());
            if (left.size() > MAX_PIECES) {
                return true;
            }
        }
        return !left.isEmpty();
    }

    private static List<Map<Feature, Range>> without(List<Map<Feature, Range>> boxes, Map<Feature, Range> taken) {
        List<Map<Feature, Range>> left = new ArrayList<>();
        boxes.forEach(box -> addWhatIsLeft(box, taken, left));
        return left;
    }

    private static void addWhatIsLeft(
            Map<Feature, Range> box, Map<Feature, Range> taken, List<Map<Feature, Range>> left) {
        if (!meet(box, taken)) {
            left.add(box);
            return;
        }
        Map<Feature, Range> rest = new EnumMap<>(box);
        taken.forEach((feature, range) -> {
            Range side = side(rest, feature);
            if (side.from() < range.from()) {
                left.add(with(rest, feature, new Range(side.from(), range.from() - 1)));
            }
            if (side.to() > range.to()) {
                left.add(with(rest, feature, new Range(range.to() + 1, side.to())));
            }
            rest.put(feature, side.and(range));
        });
    }

    private static boolean meet(Map<Feature, Range> one, Map<Feature, Range> other) {
        return other.entrySet().stream()
                .allMatch(side -> side(one, side.getKey()).meets(side.getValue()));
    }

    private static Range side(Map<Feature, Range> box, Feature feature) {
        return box.getOrDefault(feature, feature.domain());
    }

    private static Map<Feature, Range> with(Map<Feature, Range> box, Feature feature, Range range) {
        Map<Feature, Range> copy = new EnumMap<>(box);
        copy.put(feature, range);
        return copy;
    }
}
