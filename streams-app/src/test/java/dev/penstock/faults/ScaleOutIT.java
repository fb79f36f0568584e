package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An instance joins under load: it has work soon, and a partition that moves stands still for no longer than its restore takes. */
@Isolated("what it prints is of a machine that does nothing else")
@Tag("long")
class ScaleOutIT {

    private static final Duration FIRST_TASK = Duration.ofMinutes(2);

    /** For the state to grow, and for partitions to move one probing rebalance after another. */
    private static final Duration PATIENCE = Duration.ofMinutes(40);

    private static final Duration PACE = Duration.ofMillis(100);
    private static final int MOVED = RigTopics.PARTITIONS / 2;

    @Test
    void shouldGiveAJoinerItsShareUnderLoad() {
        join("scale-out", 100);
    }

    /** What a joiner would have to restore is above the lag at which a partition moves at once. */
    @Test
    @Tag("by-hand")
    void shouldGiveAJoinerItsShareOfPartitionsWithMuchState() {
        assertThat(join("scale-out-large", 100_000)).isLessThanOrEqualTo(FIRST_TASK);
    }

    /** @return how long the joiner waited for its first partition */
    private static Duration join(String name, int entries) {
        // Given
        try (Rig rig = Rig.start(name)) {
            AppChild one = rig.launch(spec(rig, "one"));
            one.awaitReady();
            List<String> tenants = rig.topics().tenantOfEachPartition(name);
            fill(rig, tenants, entries);
            int made = rig.fake().received();
            rig.fake().follow("latency: 20ms");
            List<Instant> moves = new ArrayList<>();
            try (TopicReader ends =
                            TopicReader.fromNow(rig.bootstrap(), rig.topics().ends());
                    SteadyLoad load = SteadyLoad.start(rig.sender(), PACE, number -> requests(tenants, number))) {
                load.awaitRounds(50);

                // When
                moves.add(Instant.now());
                AppChild two = rig.launch(spec(rig, "two"));
                await().atMost(PATIENCE).until(() -> !partitionsOf(rig, "two").isEmpty());
                moves.add(Instant.now());
                two.awaitReady();
                await().atMost(PATIENCE).until(() -> partitionsOf(rig, "two").size() == MOVED);
                Set<Integer> moved = partitionsOf(rig, "two");
                moves.add(Instant.now());
                load.awaitRounds(50);
                int sent = load.stop();

                // Then
                Map<String, List<Event.Observed>> terminals = terminals(ends, sent * tenants.size());
                rig.awaitRest();
                assertThat(terminals.values())
                        .allSatisfy(each -> assertThat(each).hasSize(1));
                assertThat(rig.fake().received()).as("calls").isEqualTo(made + sent * tenants.size());
                assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
                print(name, entries, moves, moved, standstills(terminals, moves.getFirst()));
            }
            return Duration.between(moves.get(0), moves.get(1));
        }
    }

    private static AppSpec spec(Rig rig, String instance) {
        return rig.spec(instance).with("dispatch.default_deadline", "1h").with("cache.enabled", "true");
    }

    private static List<Workload.Line> requests(List<String> tenants, int number) {
        return tenants.stream()
                .map(tenant -> Workload.line(tenant, "load-" + number, ""))
                .toList();
    }

    /** Each tenant asks one thing again and again, under another id each time: entries without calls. */
    private static void fill(Rig rig, List<String> tenants, int entries) {
        rig.sender().send(tenants.stream().map(tenant -> cached(tenant, 0)).toList());
        rig.awaitAllEnds();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.bootstrap(), "linger.ms", 20, "batch.size", 200_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int number = 1; number < entries; number++) {
                for (String tenant : tenants) {
                    sent.add(producer.send(new ProducerRecord<>(
                            rig.topics().names().requests(),
                            tenant.getBytes(UTF_8),
                            cached(tenant, number).json().getBytes(UTF_8))));
                }
            }
            producer.flush();
            assertThat(sent).allMatch(Future::isDone);
        }
        await().atMost(PATIENCE).until(rig::isDrained);
    }

    private static Workload.Line cached(String tenant, int number) {
        Workload.Line asked = Workload.line(tenant, "again", "");
        return new Workload.Line(
                tenant,
                "again-" + number,
                asked.json().replace("\"custom_id\":\"again\"", "\"custom_id\":\"again-" + number + "\""));
    }

    private static Set<Integer> partitionsOf(Rig rig, String instance) {
        return GroupMembers.partitions(rig.bootstrap(), rig.topics(), instance);
    }

    private static Map<String, List<Event.Observed>> terminals(TopicReader ends, int expected) {
        Map<String, List<Event.Observed>> terminals = new HashMap<>();
        await().atMost(Limits.WORK).pollInSameThread().until(() -> {
            for (Event.Observed end : ends.poll()) {
                if (ContentReader.read(end.role(), end.message()) instanceof Content.Terminal terminal) {
                    terminals
                            .computeIfAbsent(terminal.requestId(), id -> new ArrayList<>())
                            .add(end);
                }
            }
            return terminals.size() >= expected;
        });
        return terminals;
    }

    /** The longest time between two results of each partition, from that moment on. */
    private static Map<Integer, Duration> standstills(Map<String, List<Event.Observed>> terminals, Instant from) {
        Map<Integer, List<Instant>> times = terminals.values().stream()
                .map(List::getFirst)
                .filter(end -> end.timestamp().isAfter(from))
                .collect(Collectors.groupingBy(
                        end -> end.position().partition(),
                        TreeMap::new,
                        Collectors.mapping(Event.Observed::timestamp, Collectors.toList())));
        Map<Integer, Duration> longest = new TreeMap<>();
        times.forEach((partition, ends) -> {
            List<Instant> inOrder = ends.stream().sorted().toList();
            longest.put(
                    partition,
                    IntStream.range(1, inOrder.size())
                            .mapToObj(next -> Duration.between(inOrder.get(next - 1), inOrder.get(next)))
                            .max(Duration::compareTo)
                            .orElse(Duration.ZERO));
        });
        return longest;
    }

    private static void print(
            String name, int entries, List<Instant> moves, Set<Integer> moved, Map<Integer, Duration> standstills) {
        System.out.printf(
                "%s: %d entries a partition; first partition after %d ms, all %d after %d ms; longest time between two results of"
                        + " a partition: %s; moved: %s%n",
                name,
                entries,
                Duration.between(moves.get(0), moves.get(1)).toMillis(),
                MOVED,
                Duration.between(moves.get(0), moves.get(2)).toMillis(),
                standstills,
                moved);
    }
}
