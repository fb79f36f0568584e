package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.Main;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Role;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The command that replays dead letters is killed in the middle of its work, and run again. */
class KilledReplayIT {

    private static final int LETTERS = 10_000;

    @Test
    void shouldReplayEachLetterOnceAlthoughTheFirstRunWasKilled() {
        // Given
        RigTopics topics = RigTopics.of("killed-replay.");
        topics.create(SharedBroker.bootstrap());
        writeLetters(topics.names().deadLetters());
        Path directory = Outputs.fresh("killed-replay");
        try (Children children = new Children(directory)) {
            Child first = children.start(replay(topics, "--rate", "4000"));

            // When
            int before;
            try (TopicReader redrives = new TopicReader(
                    SharedBroker.bootstrap(), Map.of(topics.names().redrives(), Role.OUTCOMES))) {
                List<Event.Observed> markers = new ArrayList<>();
                await().atMost(Limits.START).until(() -> {
                    markers.addAll(redrives.poll());
                    return markers.size() > LETTERS / 4;
                });
                first.signal(Signal.KILL);
                first.awaitExit(Limits.START);
                markers.addAll(redrives.readToEnd());
                before = markers.size();
            }
            Child second = children.start(replay(topics));

            // Then
            assertThat(second.awaitExit(Limits.WORK)).as(second.output()).isZero();
            assertThat(before).isBetween(LETTERS / 4, LETTERS - 1);
            assertThat(second.output()).contains("already replayed");
            assertThat(lettersOf(topics)).hasSize(LETTERS).doesNotHaveDuplicates();
        }
    }

    private static ChildSpec replay(RigTopics topics, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "dead-letters",
                "replay",
                "--yes",
                "--bootstrap-servers",
                SharedBroker.bootstrap(),
                "--set",
                "topics.prefix=" + topics.names().prefix()));
        arguments.addAll(List.of(more));
        return new ChildSpec("replay", Main.class, "256m", arguments, Map.of());
    }

    /** The dead letters that the requests say they come from. The marker that ends a transaction comes a little after the commit. */
    private static List<String> lettersOf(RigTopics topics) {
        List<Event.Observed> found = new ArrayList<>();
        try (TopicReader requests =
                new TopicReader(SharedBroker.bootstrap(), Map.of(topics.names().requests(), Role.REQUESTS))) {
            await().atMost(Limits.START).until(() -> {
                found.addAll(requests.poll());
                return found.size() >= LETTERS;
            });
            found.addAll(requests.readToEnd());
        }
        return found.stream()
                .map(request -> request.message().headers().getOrDefault("llm.dlq.redrive.of", ""))
                .toList();
    }

    private static void writeLetters(String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", SharedBroker.bootstrap(), "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < LETTERS; i++) {
                write(producer, topic, i);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not written is missed at the end
    private static void write(KafkaProducer<byte[], byte[]> producer, String topic, int i) {
        String value = "{\"custom_id\":\"k-" + i + "\",\"body\":{\"model\":\"auto\",\"messages\":[]}}";
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, ("tenant-" + i % 50).getBytes(UTF_8), value.getBytes(UTF_8));
        new DeadLetterHeaders(
                        DeadLetterCode.PROVIDER_UNAVAILABLE,
                        true,
                        1,
                        "provider said 503",
                        "llm.requests",
                        0,
                        i,
                        0,
                        Instant.EPOCH,
                        0,
                        "test",
                        null,
                        null,
                        null)
                .toHeaders()
                .forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
        producer.send(letter);
    }
}
