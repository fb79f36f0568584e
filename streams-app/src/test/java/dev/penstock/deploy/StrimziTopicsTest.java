package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Topics that Strimzi makes are those that {@code topics create} makes. */
class StrimziTopicsTest {

    private static final Path FILE = Path.of("..", "deploy", "strimzi", "topics.yaml");

    private record Made(int partitions, int replicas, Map<String, String> config) {}

    @Test
    void shouldBeWhatTheProgramMakes() throws Exception {
        // Given
        PenstockConfig config = PenstockConfig.of();

        // When
        Map<String, Made> made = resources().stream()
                .collect(Collectors.toMap(topic -> topic.at("/spec/topicName").asString(""), StrimziTopicsTest::read));

        // Then
        assertThat(made)
                .isEqualTo(new Topics(config.topics().prefix())
                        .specs(config.topics()).stream()
                                .collect(Collectors.toMap(TopicSpec::name, StrimziTopicsTest::wanted)));
    }

    private static List<JsonNode> resources() throws Exception {
        YAMLMapper yaml = new YAMLMapper();
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(FILE.toFile())) {
            return documents.readAll();
        }
    }

    private static Made wanted(TopicSpec spec) {
        return new Made(spec.partitions(), spec.replication(), new TreeMap<>(spec.properties()));
    }

    private static Made read(JsonNode topic) {
        Map<String, String> config = new TreeMap<>();
        topic.at("/spec/config")
                .properties()
                .forEach(entry -> config.put(entry.getKey(), entry.getValue().asString()));
        return new Made(
                topic.at("/spec/partitions").asInt(), topic.at("/spec/replicas").asInt(), config);
    }
}
