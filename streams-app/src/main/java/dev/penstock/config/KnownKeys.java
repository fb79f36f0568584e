package dev.penstock.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys there are, and what someone who wrote another one may have meant. */
final class KnownKeys {

    private static final Map<String, String> BY_ENVIRONMENT_NAME = byEnvironmentName();
    private static final int MAX_KEY_LENGTH = 100;
    private static final int NEAR = 4;

    private KnownKeys() {}

    static boolean contains(String key) {
        return (key.startsWith(Values.KAFKA_PREFIX) && key.length() > Values.KAFKA_PREFIX.length())
                || BY_ENVIRONMENT_NAME.containsValue(key);
    }

    static Optional<String> ofEnvironmentName(String name) {
        return Optional.ofNullable(BY_ENVIRONMENT_NAME.get(name));
    }

    static boolean isSecret(String key) {
        return key.equals(ProviderConfig.API_KEY.key())
                || (key.startsWith(Values.KAFKA_PREFIX)
                        && KafkaNames.isSecret(key.substring(Values.KAFKA_PREFIX.length())));
    }

    /** Empty, or a remark in brackets that names the nearest key. */
    static String suggestion(String key) {
        if (key.length() > MAX_KEY_LENGTH) {
            return "";
        }
        return BY_ENVIRONMENT_NAME.values().stream()
                .min(Comparator.comparingInt(known -> distance(key, known)))
                .filter(known -> distance(key, known) <= NEAR || known.endsWith("." + key))
                .map(known -> " (did you mean " + known + "?)")
                .orElse("");
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
