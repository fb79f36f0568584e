package dev.penstock.config;

import java.util.HashMap;
import java.util.Map;

/**
 * How long who asks Kafka something waits for the answer: {@code kafka.default.api.timeout.ms}, or ten seconds. Kafka's own
 * default is a minute, which is long for somebody at a terminal.
 */
public final class KafkaTimeout {

    private static final String WHOLE = "default.api.timeout.ms";
    private static final String ONE_REQUEST = "request.timeout.ms";
    private static final int DEFAULT_MILLIS = 10_000;

    private KafkaTimeout() {}

    /** What {@code --set} takes to set it. */
    public static String setting(long millis) {
        return Values.KAFKA_PREFIX + WHOLE + "=" + millis;
    }

    /** In milliseconds. A value that is no number is left to the client, which refuses it by name. */
    public static int millis(Map<String, String> kafka) {
        return number(kafka, WHOLE, DEFAULT_MILLIS);
    }

    /** For a client that asks about the cluster. No request of it may take longer than the whole, or Kafka refuses to make it. */
    public static Map<String, Object> ofAdmin(Map<String, String> kafka) {
        int whole = millis(kafka);
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.putIfAbsent(WHOLE, whole);
        properties.put(ONE_REQUEST, Math.min(whole, number(kafka, ONE_REQUEST, whole)));
        return properties;
    }

    private static int number(Map<String, String> kafka, String name, int otherwise) {
        try {
            return Integer.parseInt(kafka.getOrDefault(name, ""));
        } catch (NumberFormatException none) {
            return otherwise;
        }
    }
}
