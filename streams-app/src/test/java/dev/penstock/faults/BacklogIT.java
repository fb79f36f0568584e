package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.embedded.OwnBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An app with nothing to do rests; a long backlog stays in Kafka and keeps all permits busy in a bounded heap. */
@OwnBroker("it counts the transactions of its broker, and fills it")
@Isolated("its figures are those of a machine that does nothing else")
class BacklogIT {

    private static final int REQUESTS = 200_000;
    private static final int PERMITS = 200;
    private static final int SAMPLES = 50;
    private static final int TRANSACTION_PARTITIONS = 4;
    /** A transaction is three records of its log: begun, about to be committed, committed; and one may be its next start. */
    private static final long RECORDS_OF_ONE_TRANSACTION = 4;

    @Test
    void shouldRestWhenNothingIsToDoAndKeepPermitsBusyUnderABacklog() {
        // Given
        Path directory = Outputs.fresh("backlog");
        try (Children children = new Children(directory)) {
            BrokerChild broker = BrokerChild.launch(children, directory.resolve("data"));
            broker.awaitReady();
            try (Rig rig = Rig.startOn(broker, "backlog", directory, children)) {
                rig.createTopics();
                AppChild app = rig.launch(rig.spec("one")
                        .with("dispatch.permits", Integer.toString(PERMITS))
                        .with("dispatch.waiting.max_items", "2000")
                        .with("dispatch.default_deadline", "1h"));
                rig.sender().send(new Workload("before", 40).lines(200, Seed.next("backlog")));
                rig.awaitAllEnds();
                await().atMost(Limits.WORK).until(rig::isDrained);
                Judgement.judge(rig);
                assertThatItRests(rig);

                // When
                rig.fake().follow("latency: 3s");
                sendBacklog(rig);
                rig.awaitOpenCalls(PERMITS);
                List<Integer> open = sampleOpenCalls(rig);

                // Then
                assertThat(open.stream().mapToInt(Integer::intValue).average().orElse(0))
                        .isGreaterThanOrEqualTo(0.9 * PERMITS);
                assertThat(GroupLag.of(rig.bootstrap(), rig.topics()))
                        .as("what is not yet read stays in Kafka")
                        .isGreaterThan(REQUESTS / 2);
                assertThat(app.process().exits())
                        .as("no restart: memory was enough")
                        .isEmpty();
                assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
            }
        }
    }

    private static void sendBacklog(Rig rig) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.bootstrap(), "linger.ms", 20, "batch.size", 200_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            String topic = rig.topics().names().requests();
            List<Future<?>> sent = new ArrayList<>();
            for (int number = 0; number < REQUESTS; number++) {
                String tenant = "backlog-" + number % 60;
                byte[] json =
                        Workload.line(tenant, "backlog-" + number, "").json().getBytes(UTF_8);
                sent.add(producer.send(new ProducerRecord<>(topic, tenant.getBytes(UTF_8), json)));
            }
            producer.flush();
            assertThat(sent).allMatch(Future::isDone);
        }
    }

    private static List<Integer> sampleOpenCalls(Rig rig) {
        List<Integer> open = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(200)).atMost(Limits.WORK).until(() -> {
            open.add(rig.fake().open());
            return open.size() >= SAMPLES;
        });
        return open;
    }

    /** An idle app comes to rest: it makes one transaction in ten seconds at most. */
    private static void assertThatItRests(Rig rig) {
        await().atMost(Limits.WORK)
                .pollInSameThread()
                .untilAsserted(
                        () -> assertThat(recordsOfTenSeconds(rig)).isLessThanOrEqualTo(RECORDS_OF_ONE_TRANSACTION));
    }

    private static long recordsOfTenSeconds(Rig rig) {
        long before = transactionRecords(rig);
        Duration rest = Duration.ofSeconds(10);
        await().pollDelay(rest).atMost(rest.multipliedBy(2)).until(() -> true);
        return transactionRecords(rig) - before;
    }

    private static long transactionRecords(Rig rig) {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, TRANSACTION_PARTITIONS)
                .mapToObj(partition -> new TopicPartition("__transaction_state", partition))
                .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.bootstrap()))) {
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the transaction log cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the transaction log", e);
        }
    }
}
