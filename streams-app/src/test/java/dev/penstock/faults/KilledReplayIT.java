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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that replays dead letters is ended in the middle of its work, and run again. */
@Execution(ExecutionMode.CONCURRENT)
class KilledReplayIT {

    /** Killed, it cannot say anything any more; asked to end, it says how far it came. */
    @ParameterizedTest
    @CsvSource({"KILL,10000,137,''", "TERM,4000,1,'interrupted: '"})
    void shouldReplayEachLetterOnceAlthoughTheFirstRunDidNotEnd(Signal signal, int letters, int exitCode, String said) {
        // Given
        RigTopics topics = RigTopics.of("replay-" + signal + ".");
        topics.create(SharedBroker.bootstrap());
        writeLetters(topics.names().deadLetters(), letters);
        Path directory = Outputs.fresh("replay-" + signal);
        try (Children children = new Children(directory)) {
            Child first = children.start(replay(topics, "--rate", Integer.toString(letters / 3)));

            // When
            int before;
            try (TopicReader redrives = new TopicReader(
                    SharedBroker.bootstrap(), Map.of(topics.names().redrives(), Role.OUTCOMES))) {
                List<Event.Observed> markers = new ArrayList<>();
                await().atMost(Limits.START).until(() -> {
                    markers.addAll(redrives.poll());
                    return markers.size() > letters / 4;
                });
                first.signal(signal);
                assertThat(first.awaitExit(Limits.START)).isEqualTo(exitCode);
                markers.addAll(redrives.readToEnd());
                before = markers.size();
            }
            Child second = children.start(replay(topics));

            // Then
            assertThat(first.output()).contains(said);
            assertThat(second.awaitExit(Limits.WORK)).as(second.output()).isZero();
            assertThat(before).isBetween(letters / 4, letters - 1);
            assertThat(second.output()).contains("already replayed");
            assertThat(lettersOf(topics, letters)).hasSize(letters).doesNotHaveDuplicates();
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
    private static List<String> lettersOf(RigTopics topics, int count) {
        List<Event.Observed> found = new ArrayList<>();
        try (TopicReader requests =
                new TopicReader(SharedBroker.bootstrap(), Map.of(topics.names().requests(), Role.REQUESTS))) {
            await().atMost(Limits.START).until(() -> {
                found.addAll(requests.poll());
                return found.size() >= count;
            });
            found.addAll(requests.readToEnd());
        }
        return found.stream()
                .map(request -> request.message().headers().getOrDefault("llm.dlq.redrive.of", ""))
                .toList();
    }

    private static void writeLetters(String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", SharedBroker.bootstrap(), "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
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
