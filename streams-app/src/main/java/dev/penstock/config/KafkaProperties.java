package dev.penstock.config;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Kafka client properties, passed through untouched. As a map it holds the resolved secrets; its text form never does. */
public final class KafkaProperties extends AbstractMap<String, String> {

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

    @Override
    public String toString() {
        return shown().toString();
    }
}
