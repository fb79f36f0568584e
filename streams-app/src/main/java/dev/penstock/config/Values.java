package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was given, read key by key. A wrong value is noted and its default used, so that one pass finds every mistake. */
final class Values {

    static final String KAFKA_PREFIX = "kafka.";
    static final ValueType<SecretRef> SECRET_REFERENCE =
            new ValueType<>("{env: NAME} or {file: PATH}", text -> Optional.empty());

    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final String DEFAULT_BOOTSTRAP = "127.0.0.1:9092";

    private final Map<String, Given> given;
    private final SectionNames names;
    private final Map<String, String> environment;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> missingKeys = new LinkedHashSet<>();

    Values(Map<String, Given> given, SectionNames names, Map<String, String> environment) {
        this.given = given;
        this.names = names;
        this.environment = environment;
    }

    /** The targets and tiers that were given. */
    SectionNames names() {
        return names;
    }

    /** Provider keys whose reference leads nowhere; only who calls the provider minds. */
    List<String> missingKeys() {
        return List.copyOf(missingKeys);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    boolean isGiven(Setting<?> setting) {
        return given.containsKey(setting.key());
    }

    <T> T get(Setting<T> setting) {
        return find(setting).orElseGet(setting::defaultValue);
    }

    /** Empty if it was not given, and if what was given is wrong, which is noted. */
    <T> Optional<T> find(Setting<T> setting) {
        Given value = given.get(setting.key());
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.node()) {
            case Text text -> setting.type().read(text.text()).or(() -> wrong(value, setting, Excerpt.of(text.text())));
            case Reference reference -> wrong(value, setting, reference.ref().shown());
        };
    }

    Optional<SecretRef> secret(Setting<SecretRef> setting) {
        Given value = given.get(setting.key());
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.node()) {
            case Text literal -> {
                refuseLiteral(value, setting.key());
                yield Optional.empty();
            }
            case Reference reference -> Optional.of(reference.ref());
        };
    }

    /** Notes a secret that cannot be read, once. */
    void checkSecret(Setting<SecretRef> setting, @Nullable SecretRef ref) {
        Given value = given.get(setting.key());
        if (value != null && ref != null) {
            resolved(value, setting.key(), ref, missingKeys);
        }
    }

    /** Notes a setting that a target or tier must have, at the place of what makes it necessary. */
    void missing(Section section, Setting<?> setting, String expected) {
        String name = section.split(setting.key()).orElseThrow().name();
        problems.add(line(names.placeOf(section, name), setting.key(), "nothing", expected));
    }

    /** Notes a problem with one part of a list. */
    void expectPart(Setting<?> setting, String part, boolean holds, String expected) {
        Given value = given.get(setting.key());
        if (!holds && value != null) {
            problems.add(line(value.place(), setting.key(), Excerpt.of(part), expected));
        }
    }

    /** Notes a problem with a value that is right by itself and wrong beside another one. */
    void expect(Setting<?> setting, boolean holds, String expected) {
        if (holds) {
            return;
        }
        Given value = given.get(setting.key());
        String text = value != null && value.node() instanceof Text written ? written.text() : setting.defaultText();
        String place = value == null ? "default" : value.place();
        problems.add(line(place, setting.key(), Excerpt.of(text), expected));
    }

    KafkaProperties kafka() {
        Map<String, String> plain = new HashMap<>(Map.of(BOOTSTRAP, DEFAULT_BOOTSTRAP));
        Map<String, SecretRef> secrets = new HashMap<>();
        Map<String, String> resolved = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(KAFKA_PREFIX)) {
                String name = key.substring(KAFKA_PREFIX.length());
                readKafka(name, value, plain, secrets, resolved);
            }
        });
        return new KafkaProperties(plain, secrets, resolved);
    }

    private void readKafka(
            String name,
            Given value,
            Map<String, String> plain,
            Map<String, SecretRef> secrets,
            Map<String, String> resolved) {
        String key = KAFKA_PREFIX + name;
        KafkaNames.ownedBecause(name).ifPresent(reason -> problems.add(value.place() + ": " + key + ": " + reason));
        switch (value.node()) {
            case Text literal -> {
                String text = literal.text();
                if (KafkaNames.isSecret(name) || KafkaNames.holdsSecret(text)) {
                    refuseLiteral(value, key);
                } else if (name.equals(BOOTSTRAP) && !KafkaNames.isServerList(text)) {
                    problems.add(line(value.place(), key, Excerpt.of(text), "host:port, or several with commas"));
                } else {
                    plain.put(name, text);
                }
            }
            case Reference reference -> {
                secrets.put(name, reference.ref());
                resolved(value, key, reference.ref(), problems).ifPresent(text -> resolved.put(name, text));
            }
        }
    }

    private Optional<String> resolved(Given value, String key, SecretRef ref, Set<String> noted) {
        Optional<String> text = ref.resolve(environment);
        if (text.isEmpty()) {
            String expected = switch (ref) {
                case SecretRef.Env env ->
                    ref.shown().equals(ref.yaml())
                            ? "the environment variable " + env.name() + " to hold the secret"
                            : "an environment variable that holds the secret";
                case SecretRef.File file -> "a readable file that holds the secret";
            };
            noted.add(line(value.place(), key, ref.shown(), expected));
        }
        return text;
    }

    private void refuseLiteral(Given value, String key) {
        problems.add(line(value.place(), key, "a literal secret", SECRET_REFERENCE.expected()));
    }

    private <T> Optional<T> wrong(Given value, Setting<T> setting, String shown) {
        problems.add(line(value.place(), setting.key(), shown, setting.type().expected()));
        return Optional.empty();
    }

    private static String line(String place, String key, String value, String expected) {
        return place + ": " + key + ": " + value + " (expected: " + expected + ")";
    }
}
