package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads {@code PENSTOCK_DISPATCH_PERMITS} as {@code dispatch.permits}, {@code PENSTOCK_KAFKA_A_B} as {@code kafka.a.b}, and
 * {@code PENSTOCK_TARGETS_MY_GPT_MODEL} as {@code targets.my-gpt.model}: it can change targets and tiers, not add any.
 */
final class EnvironmentSource {

    private static final String KAFKA = Setting.ENVIRONMENT_PREFIX + "KAFKA_";
    /** Read by the launcher and the logging, not part of the configuration. */
    private static final Set<String> OTHERS = Set.of(
            "PENSTOCK_CONFIG", "PENSTOCK_JAVA_OPTS", "PENSTOCK_LOG_FORMAT", "PENSTOCK_LOG_LEVEL", "PENSTOCK_LAUNCHER");
    /** What Kubernetes adds to every pod when a service is called penstock. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("PENSTOCK_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP)(_.+)?)|PENSTOCK_PORT");

    private EnvironmentSource() {}

    static Map<String, Given> read(Map<String, String> environment, SectionNames names, List<String> problems) {
        Map<String, List<String>> ofNames = names.environmentNames();
        Map<String, Given> given = new TreeMap<>();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX) || OTHERS.contains(name)) {
                return;
            }
            List<String> keys = name.startsWith(KAFKA)
                    ? List.of("kafka." + dotted(name.substring(KAFKA.length())))
                    : ofNames.getOrDefault(
                            name, KnownKeys.ofEnvironmentName(name).stream().toList());
            if (keys.size() == 1) {
                put(given, keys.getFirst(), name, value);
            } else if (!keys.isEmpty() || !SERVICE_LINK.matcher(name).matches()) {
                problems.add("environment: " + Excerpt.of(name) + ": " + problem(name, keys));
            }
        });
        return given;
    }

    private static String problem(String name, List<String> keys) {
        if (!keys.isEmpty()) {
            return "fits " + String.join(" and ", keys) + " (expected: one; set it in the file)";
        }
        String key = dotted(name.substring(Setting.ENVIRONMENT_PREFIX.length()));
        boolean ofAName = PenstockConfig.SECTIONS.stream().anyMatch(section -> key.startsWith(section.prefix()));
        return "unknown key"
                + (ofAName ? " (expected: a field of a name that the file or --set has)" : KnownKeys.suggestion(key));
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
