package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Topics that Strimzi makes are those that {@code topics create} makes. */
class StrimziTopicsTest {

    private static final Path FILE = Path.of("..", "deploy", "strimzi", "topics.yaml");

    private record Made(int partitions, int replicas, Map<String, String> config) {}

    @Test
    void shouldBeWhatTheProgramMakes() throws Exception {
        // Given
        PenstockConfig config = PenstockConfig.of();

        // When
        List<KafkaTopic> topics = StrimziResources.read(FILE, KafkaTopic.class);

        // Then
        assertThat(topics).allSatisfy(topic -> assertThat(topic.getApiVersion()).isEqualTo("kafka.strimzi.io/v1"));
        assertThat(topics.stream()
                        .collect(Collectors.toMap(topic -> topic.getSpec().getTopicName(), StrimziTopicsTest::read)))
                .isEqualTo(new Topics(config.topics().prefix())
                        .specs(config.topics()).stream()
                                .collect(Collectors.toMap(TopicSpec::name, StrimziTopicsTest::wanted)));
    }

    private static Made wanted(TopicSpec spec) {
        return new Made(spec.partitions(), spec.replication(), new TreeMap<>(spec.properties()));
    }

    private static Made read(KafkaTopic topic) {
        Map<String, String> config = new TreeMap<>();
        topic.getSpec().getConfig().forEach((name, value) -> config.put(name, value.toString()));
        return new Made(topic.getSpec().getPartitions(), topic.getSpec().getReplicas(), config);
    }
}
