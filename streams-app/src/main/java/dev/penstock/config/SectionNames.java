package dev.penstock.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The targets and tiers that file and {@code --set} name, in that order, each with the place of its first key. */
final class SectionNames {

    private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final String RULE = "1 to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first";

    private final Map<Section, Map<String, String>> places = new LinkedHashMap<>();

    /** A name that is not valid is noted, and kept: its keys are no further mistakes. */
    static SectionNames in(Map<String, Given> given, List<String> problems) {
        SectionNames names = new SectionNames();
        for (Section section : PenstockConfig.SECTIONS) {
            Map<String, String> found = new LinkedHashMap<>();
            given.forEach((key, value) -> section.split(key)
                    .filter(parts -> !parts.field().isEmpty() || isEmpty(value))
                    .ifPresent(parts -> found.putIfAbsent(parts.name(), value.place())));
            found.forEach((name, place) -> {
                if (!VALID.matcher(name).matches()) {
                    problems.add(place + ": " + section.prefix() + Excerpt.ofKey(name) + ": the name (expected: " + RULE
                            + ")");
                }
            });
            names.places.put(section, found);
        }
        return names;
    }

    /** A name in a message: as it is, if it may be one. */
    static String shown(String name) {
        return VALID.matcher(name).matches() ? name : Excerpt.ofKey(name);
    }

    private static boolean isEmpty(Given value) {
        return value.node() instanceof Given.Text text && text.text().isEmpty();
    }

    Set<String> of(Section section) {
        return places(section).keySet();
    }

    /** Where the first key of that name stands; for a built-in tier that is not given, of the first target. */
    String placeOf(Section section, String name) {
        String ofAnything =
                places(TargetConfig.SECTION).values().stream().findFirst().orElse("default");
        return places(section).getOrDefault(name, ofAnything);
    }

    private Map<String, String> places(Section section) {
        return places.getOrDefault(section, Map.of());
    }

    /** The environment variables that there are for these names and the built-in tiers, and the keys that each one fits. */
    Map<String, List<String>> environmentNames() {
        Map<String, List<String>> keys = new TreeMap<>();
        add(keys, TargetConfig.SECTION, of(TargetConfig.SECTION));
        add(keys, TierConfig.SECTION, of(TierConfig.SECTION));
        add(keys, ClassifierRuleConfig.SECTION, of(ClassifierRuleConfig.SECTION));
        add(
                keys,
                TierConfig.SECTION,
                TierConfig.BUILT_IN.stream()
                        .filter(name -> !of(TierConfig.SECTION).contains(name))
                        .toList());
        return keys;
    }

    private static void add(Map<String, List<String>> keys, Section section, Iterable<String> names) {
        for (String name : names) {
            for (Setting<?> setting : section.settings()) {
                Setting<?> own = setting.of(name);
                keys.computeIfAbsent(own.environmentName(), variable -> new ArrayList<>())
                        .add(own.key());
            }
        }
    }
}
