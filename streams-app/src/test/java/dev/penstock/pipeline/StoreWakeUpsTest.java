package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Owner;
import dev.penstock.work.DueTimes;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.SweepTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The stages of keys, answers and shared prompts are woken for all that their stores hold, as the stores alone tell it. */
class StoreWakeUpsTest {

    private static final String[] SETS = {"cache.enabled=true", "batching.enabled=true", "dispatch.permits=40"};
    private static final List<String> NODES = List.of(
            Nodes.IDEMPOTENCY,
            Nodes.IDEMPOTENCY_SETTLING,
            Nodes.CACHE,
            Nodes.CACHE_SETTLING,
            Nodes.BATCHING,
            Nodes.BATCHING_SETTLING);

    /** The longest that a release goes unnoticed. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    private final TestPipeline pipeline = new TestPipeline(SETS);
    private final Set<String> seen = new TreeSet<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private Stream<Map.Entry<Bytes, byte[]>> rows(String store, char kind) {
        return pipeline.stores().entries(store).entrySet().stream()
                .filter(row -> row.getKey().get()[0] == kind);
    }

    private boolean has(String store, char kind) {
        return rows(store, kind).findAny().isPresent();
    }

    /** The first time of an index by time. */
    private @Nullable Instant first(String store, char kind) {
        return rows(store, kind)
                .map(row -> StateKeys.timeAt(row.getKey(), 1))
                .min(Instant::compareTo)
                .orElse(null);
    }

    private void due(Map<String, Instant> due, String node, String what, @Nullable Instant time) {
        if (time != null) {
            seen.add(node + " " + what);
            due.merge(node, time, (one, other) -> one.isBefore(other) ? one : other);
        }
    }

    /** When each node is to be woken at the latest. */
    private Map<String, Instant> due() {
        Map<String, Instant> due = new TreeMap<>();
        followers(due, Nodes.IDEMPOTENCY, "idempotency", 'R');
        followers(due, Nodes.CACHE, "cache", 'H');
        sharing(due, Nodes.IDEMPOTENCY_SETTLING, "idempotency", 'Q');
        sharing(due, Nodes.CACHE_SETTLING, "cache", 'Q');
        sweep(due, Nodes.CACHE_SETTLING, "cache", 'X');
        sweep(due, Nodes.BATCHING_SETTLING, "batching", 'T');
        due(due, Nodes.BATCHING, "windows", firstClosing());
        return due;
    }

    private void followers(Map<String, Instant> due, String node, String store, char releases) {
        due(due, node, "deadlines", first(store, 'D'));
        boolean looks = has(store, 'D') || has(store, releases);
        due(due, node, "looks", looks ? pipeline.now().plus(LONGEST_LOOK) : null);
    }

    private void sharing(Map<String, Instant> due, String node, String store, char kind) {
        due(due, node, "verdicts", has(store, kind) ? pipeline.now() : null);
    }

    private void sweep(Map<String, Instant> due, String node, String store, char kind) {
        Instant first = first(store, kind);
        due(due, node, "sweeps", first == null ? null : SweepTimes.after(first));
    }

    private @Nullable Instant firstClosing() {
        Set<String> left = new TreeSet<>();
        rows("batching", 'C').forEach(row -> left.add(StateKeys.textFrom(row.getKey(), 1)));
        return rows("batching", 'M')
                .filter(row -> !left.contains(StateKeys.endedAt(row.getKey(), 1)))
                .map(row -> StateCodec.read(row.getValue(), JsonNode.class))
                .map(member -> Instant.parse(member.path("closesAt").stringValue()))
                .min(Instant::compareTo)
                .orElse(null);
    }

    private void check() {
        Instant soonest = pipeline.now().plus(DueTimes.FLOOR);
        due().forEach((node, time) -> assertThat(pipeline.wakeUps(node))
                .as("%s, which has work at %s", node, time)
                .hasSize(1)
                .allMatch(wakeUp -> !wakeUp.isAfter(time.isBefore(soonest) ? soonest : time)));
        checkSweepOfKeys(soonest);
    }

    /** Both nodes of the stage make keys final, and each sweeps; it is enough that one of them is woken. */
    private void checkSweepOfKeys(Instant soonest) {
        Map<String, Instant> due = new TreeMap<>();
        sweep(due, Nodes.IDEMPOTENCY_SETTLING, "idempotency", 'E');
        due.values()
                .forEach(time -> assertThat(Stream.of(Nodes.IDEMPOTENCY, Nodes.IDEMPOTENCY_SETTLING)
                                .flatMap(node -> pipeline.wakeUps(node).stream()))
                        .as("keys, of which one is to be forgotten at %s", time)
                        .anyMatch(wakeUp -> !wakeUp.isAfter(time.isBefore(soonest) ? soonest : time)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBeWokenForWhatTheStoresHold(long seed) {
        // Given
        Random random = new Random(seed);
        MixedTraffic traffic = new MixedTraffic(pipeline, random);
        traffic.sendCrowd(600);
        pipeline.commit();
        pipeline.takeLaunched().forEach(launch -> {
            pipeline.endCall(launch);
            pipeline.deliver(completed(launch, "hi"));
        });
        check();

        for (int step = 0; step < 250; step++) {
            // When
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> traffic.send();
                case 4, 5 -> pipeline.takeLaunched().forEach(traffic::end);
                case 6 -> pipeline.advance(Duration.ofMillis(random.nextInt(500)));
                default -> pipeline.advance(Duration.ofSeconds(random.nextInt(400)));
            }
            pipeline.commit();
            if (random.nextInt(50) == 0) {
                pipeline.restart(new Owner("node-" + step, "run-1"), SETS);
                pipeline.caughtUp();
                pipeline.advance(DueTimes.FLOOR);
            }

            // Then
            check();
        }
        for (int hour = 0; hour < 8 * 24; hour++) {
            pipeline.takeLaunched().forEach(traffic::end);
            pipeline.advance(Duration.ofHours(1));
            pipeline.commit();
            check();
        }
        assertThat(NODES)
                .allSatisfy(node -> assertThat(pipeline.wakeUps(node)).as(node).isEmpty());
        assertThat(seen).as("what was due at any time").hasSize(10);
    }
}
