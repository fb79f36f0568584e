package dev.penstock.config;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Kafka client properties, passed through untouched. As a map it holds the resolved secrets; its text form never does. */
public final class KafkaProperties extends AbstractMap<String, String> {

    private static final int SHORTEST = 3;
    /** What stands in every JAAS configuration, and in what Kafka says of one. */
    private static final Set<String> PUBLIC =
            Set.of("required", "requisite", "sufficient", "optional", "username", "password");

    private static final Pattern SEPARATORS = Pattern.compile("[\\s\"';=]+");
    private static final Pattern USER = Pattern.compile("username\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s;]+)");

    private final Map<String, String> properties;
    private final Map<String, SecretRef> secrets;

    /**
     * @param plain what may be shown
     * @param secrets where the rest comes from
     * @param resolved the values of {@code secrets}, under the same names
     */
    KafkaProperties(Map<String, String> plain, Map<String, SecretRef> secrets, Map<String, String> resolved) {
        Map<String, String> all = new HashMap<>(plain);
        all.putAll(resolved);
        this.properties = Map.copyOf(all);
        this.secrets = Map.copyOf(secrets);
    }

    /** Properties without any secret. */
    public static KafkaProperties of(Map<String, String> plain) {
        return new KafkaProperties(plain, Map.of(), Map.of());
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return properties.entrySet();
    }

    /** What may be shown: secrets appear as the place they come from. */
    public Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>(properties);
        secrets.forEach((name, ref) -> shown.put(name, ref.yaml()));
        return shown;
    }

    /** A text of Kafka's as it may be shown: one that quotes a secret is left out. */
    public String withoutSecrets(String text) {
        List<String> quoted = secrets.keySet().stream()
                .filter(name -> quotes(text, properties.getOrDefault(name, "")))
                .sorted()
                .toList();
        return quoted.isEmpty()
                ? text
                : "refused, in words that quote a secret (expected: something else in " + String.join(" or ", quoted)
                        + ")";
    }

    private static boolean quotes(String text, String secret) {
        return Stream.concat(
                        Stream.of(secret.strip()),
                        SEPARATORS.splitAsStream(USER.matcher(secret).replaceAll(" ")))
                .anyMatch(part -> part.length() >= SHORTEST && !PUBLIC.contains(part) && text.contains(part));
    }

    @Override
    public String toString() {
        return shown().toString();
    }
}
