package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads {@code PENSTOCK_DISPATCH_PERMITS} as {@code dispatch.permits}, {@code PENSTOCK_KAFKA_A_B} as {@code kafka.a.b}. */
final class EnvironmentSource {

    private static final String KAFKA = Setting.ENVIRONMENT_PREFIX + "KAFKA_";
    /** Read by the launcher and the logging, not part of the configuration. */
    private static final Set<String> OTHERS = Set.of(
            "PENSTOCK_CONFIG", "PENSTOCK_JAVA_OPTS", "PENSTOCK_LOG_FORMAT", "PENSTOCK_LOG_LEVEL", "PENSTOCK_LAUNCHER");
    /** What Kubernetes adds to every pod when a service is called penstock. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("PENSTOCK_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP)(_.+)?)|PENSTOCK_PORT");

    private EnvironmentSource() {}

    static Map<String, Given> read(Map<String, String> environment, List<String> problems) {
        Map<String, Given> given = new TreeMap<>();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX) || OTHERS.contains(name)) {
                return;
            }
            if (name.startsWith(KAFKA)) {
                put(given, "kafka." + dotted(name.substring(KAFKA.length())), name, value);
                return;
            }
            KnownKeys.ofEnvironmentName(name).ifPresentOrElse(key -> put(given, key, name, value), () -> {
                if (!SERVICE_LINK.matcher(name).matches()) {
                    String key = dotted(name.substring(Setting.ENVIRONMENT_PREFIX.length()));
                    problems.add("environment: " + Excerpt.of(name) + ": unknown key" + KnownKeys.suggestion(key));
                }
            });
        });
        return given;
    }

    /** A secret in the environment is a reference to the variable that holds it. */
    private static void put(Map<String, Given> given, String key, String name, String value) {
        Given.Node node = KnownKeys.isSecret(key) ? new Reference(new SecretRef.Env(name)) : new Text(value);
        given.put(key, new Given("environment " + name, node));
    }

    private static String dotted(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
