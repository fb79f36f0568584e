package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.ConfigLoader;
import dev.penstock.config.ConfigSources;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TopicsConfig;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Names, partitions, retention and rights are the same wherever they are written: what {@code topics create} makes is the source. */
class TopicsAgreementTest {

    private static final Path ROOT = Path.of("..");
    private static final Path ASYNC_API = ROOT.resolve("schemas/src/main/resources/dev/penstock/schemas/asyncapi.yaml");
    private static final Path OPERATIONS = ROOT.resolve("docs/operations.md");
    private static final Path COMPOSE = ROOT.resolve("docker-compose.yml");

    /** What begins like a topic and is none: headers, and the transactional id of a replay. */
    private static final Pattern NO_TOPIC = Pattern.compile("llm\\.(dlq(\\..*)?|replay|tenant\\.signature)");

    private static final Pattern NAME = Pattern.compile("(?<![A-Za-z0-9.-])llm\\.[a-z-]*[a-z](\\.[a-z]+)*");

    private final TopicsConfig config = PenstockConfig.of().topics();
    private final Map<String, TopicSpec> made =
            new Topics(config.prefix()).specs(config).stream().collect(Collectors.toMap(TopicSpec::name, spec -> spec));

    @Test
    void shouldBeWhatTheContractSays() {
        // Given
        JsonNode document = new YAMLMapper().readTree(ASYNC_API.toFile());

        // When
        Map<String, JsonNode> channels = new TreeMap<>();
        document.path("channels").forEach(channel -> {
            String binding = channel.at("/bindings/$ref").stringValue();
            channels.put(channel.path("address").stringValue(), document.at(binding.substring(1) + "/kafka"));
        });

        // Then
        assertThat(channels.keySet()).isEqualTo(made.keySet());
        channels.forEach((name, kafka) -> {
            TopicSpec spec = Objects.requireNonNull(made.get(name));
            assertThat(kafka.path("partitions").asInt()).as(name).isEqualTo(spec.partitions());
            assertThat(kafka.path("replicas").asInt()).as(name).isEqualTo(spec.replication());
            assertThat(properties(kafka.path("topicConfiguration"))).as(name).isEqualTo(aging(spec.properties()));
        });
    }

    @Test
    void shouldBeNamedAlikeOnEveryPage() throws IOException {
        // Given
        Set<String> unknown = new TreeSet<>();

        // When
        for (Path page : pages()) {
            NAME.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group())
                    .filter(name ->
                            !made.containsKey(name) && !NO_TOPIC.matcher(name).matches())
                    .forEach(name -> unknown.add(page + ": " + name));
        }

        // Then
        assertThat(unknown).isEmpty();
    }

    @Test
    void shouldBeAsLargeAndAsLongAsOperatorsAreTold() throws IOException {
        assertThat(Files.readString(OPERATIONS))
                .contains("; " + config.partitions() + " is the default.")
                .contains("(`topics.retention`, " + config.retention().toDays() + " days)")
                .contains("so that replication " + config.replication() + " and `min.insync.replicas` "
                        + config.minInsyncReplicas() + " hold");
    }

    @Test
    void shouldGrantWhatOperatorsAreTold() throws IOException {
        // When
        Set<Grant> told = AclTable.grants(Files.readString(OPERATIONS));
        Set<Grant> granted = Grant.ofUsers(ROOT.resolve("deploy/strimzi/users.yaml"));

        // Then
        assertThat(told).isEqualTo(granted);
        assertThat(granted.stream()
                        .filter(grant -> grant.type().equals("topic") && !grant.isPrefix())
                        .map(Grant::name))
                .as("no right of a topic that is not made, and one of each for the pipeline")
                .allMatch(made::containsKey)
                .containsAll(made.keySet());
    }

    /** All services of the file share one set of variables, so that what makes the topics and what checks them agree. */
    @Test
    void shouldBeMadeAndCheckedAlikeByCompose() throws Exception {
        // Given
        String text = Files.readString(COMPOSE);
        JsonNode file = new YAMLMapper().readTree(text);
        Map<String, String> environment = new HashMap<>();
        file.path("x-cluster").forEachEntry((name, value) -> environment.put(name, value.asString()));

        // When
        TopicsConfig compose = ConfigLoader.loadForClient(new ConfigSources(List.of(), null, environment, List.of()))
                .topics();

        // Then
        assertThat(compose.prefix()).isEqualTo(config.prefix());
        assertThat(compose.retention()).isEqualTo(config.retention());
        assertThat(compose.replication()).as("one broker").isEqualTo((short) 1);
        assertThat(Pattern.compile("PENSTOCK_TOPICS_\\w+")
                        .matcher(text)
                        .results()
                        .map(found -> found.group()))
                .as("nothing of it is set again for one service")
                .doesNotHaveDuplicates();
    }

    private static Map<String, String> properties(JsonNode configuration) {
        Map<String, String> properties = new TreeMap<>();
        configuration.forEachEntry((name, value) -> properties.put(
                name,
                value.isArray()
                        ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
                        : value.asString()));
        return properties;
    }

    /** Those that say what becomes of old records. */
    private static Map<String, String> aging(Map<String, String> properties) {
        Map<String, String> aging = new TreeMap<>(properties);
        aging.keySet().retainAll(Set.of("cleanup.policy", "retention.ms"));
        return aging;
    }

    private static List<Path> pages() throws IOException {
        Set<Path> pages = new LinkedHashSet<>(List.of(ROOT.resolve("README.md"), COMPOSE, ASYNC_API));
        for (String folder : List.of("docs", "deploy", "examples")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(Files::isRegularFile)
                        .filter(file -> file.toString().matches(".*\\.(md|ya?ml|tpl|txt)"))
                        .forEach(pages::add);
            }
        }
        return List.copyOf(pages);
    }
}
