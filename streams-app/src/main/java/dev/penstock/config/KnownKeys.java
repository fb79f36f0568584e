package dev.penstock.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys there are, and what someone who wrote another one may have meant. */
final class KnownKeys {

    private static final Map<String, String> BY_ENVIRONMENT_NAME = byEnvironmentName();
    private static final int MAX_KEY_LENGTH = 100;
    private static final int NEAR = 4;
    private static final String SEE_ALL = " (expected: one of those that penstock config show lists)";

    private KnownKeys() {}

    /** Notes and removes what is no key; an empty section is none and no mistake. */
    static void removeOthers(Map<String, Given> given, List<String> problems) {
        given.entrySet().removeIf(entry -> {
            String key = entry.getKey();
            if (contains(key)) {
                return false;
            }
            if (!isEmptySection(key, entry.getValue())) {
                problems.add(entry.getValue().place() + ": " + Excerpt.ofKey(key) + ": unknown key" + suggestion(key));
            }
            return true;
        });
    }

    private static boolean contains(String key) {
        return (key.startsWith(Values.KAFKA_PREFIX) && key.length() > Values.KAFKA_PREFIX.length())
                || BY_ENVIRONMENT_NAME.containsValue(key)
                || ofItsName(key).contains(key);
    }

    private static boolean isEmptySection(String key, Given value) {
        if (!(value.node() instanceof Given.Text text) || !text.text().isEmpty()) {
            return false;
        }
        boolean aName = PenstockConfig.SECTIONS.stream()
                .flatMap(section -> section.split(key).stream())
                .anyMatch(parts -> parts.field().isEmpty());
        boolean aSection = PenstockConfig.SECTIONS.stream()
                        .anyMatch(section -> section.name().equals(key))
                || Values.KAFKA_PREFIX.equals(key + ".")
                || BY_ENVIRONMENT_NAME.values().stream().anyMatch(known -> known.startsWith(key + "."));
        return aName || aSection;
    }

    /** The keys that the target or tier has to which a key belongs. */
    private static List<String> ofItsName(String key) {
        return PenstockConfig.SECTIONS.stream()
                .flatMap(section -> section.split(key).map(parts -> section.keysOf(parts.name())).stream())
                .flatMap(List::stream)
                .toList();
    }

    static Optional<String> ofEnvironmentName(String name) {
        return Optional.ofNullable(BY_ENVIRONMENT_NAME.get(name));
    }

    static boolean isSecret(String key) {
        return key.equals(ProviderConfig.API_KEY.key())
                || key.equals(ConsoleConfig.TOKEN.key())
                || key.equals(IntakeConfig.SIGNATURE_KEY.key())
                || TargetConfig.SECTION
                        .split(key)
                        .filter(parts ->
                                key.equals(TargetConfig.API_KEY.of(parts.name()).key()))
                        .isPresent()
                || (key.startsWith(Values.KAFKA_PREFIX)
                        && KafkaNames.isSecret(key.substring(Values.KAFKA_PREFIX.length())));
    }

    /** A remark in brackets that names the nearest key, those that a target or tier has, or where all are. */
    static String suggestion(String key) {
        if (key.length() > MAX_KEY_LENGTH) {
            return SEE_ALL;
        }
        List<String> ofItsName = ofItsName(key);
        return Stream.concat(BY_ENVIRONMENT_NAME.values().stream(), ofItsName.stream())
                .min(Comparator.comparingInt(known -> isItsEnd(key, known) ? 0 : distance(key, known)))
                .filter(known -> distance(key, known) <= NEAR || isItsEnd(key, known))
                .map(known -> " (did you mean " + known + "?)")
                .orElse(ofItsName.isEmpty() ? SEE_ALL : " (expected: one of " + String.join(", ", ofItsName) + ")");
    }

    /** As when somebody leaves out the section. */
    private static boolean isItsEnd(String key, String known) {
        return known.endsWith("." + key);
    }

    private static Map<String, String> byEnvironmentName() {
        Map<String, String> keys = new LinkedHashMap<>();
        PenstockConfig.SETTINGS.forEach(setting -> keys.put(setting.environmentName(), setting.key()));
        return keys;
    }

    /** Levenshtein's edit distance. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
