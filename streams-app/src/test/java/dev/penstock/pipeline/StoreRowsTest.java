package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Owner;
import dev.penstock.work.StateKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the metric of rows says is what the stores hold, whatever happens and whoever has the task. */
class StoreRowsTest {

    private static final String[] SETS = {
        "cache.enabled=true", "batching.enabled=true", "budgets.enabled=true", "budgets.max_tokens=10000000"
    };

    private final TestPipeline pipeline = new TestPipeline(SETS);

    @AfterEach
    void close() {
        pipeline.close();
    }

    private Stream<Bytes> keys(String store, char kind) {
        return pipeline.stores().entries(store).keySet().stream().filter(key -> key.get()[0] == kind);
    }

    private double rows(String store, char kind) {
        return keys(store, kind).count();
    }

    private double inWindows() {
        Set<String> left = new TreeSet<>();
        keys("batching", 'C').forEach(key -> left.add(StateKeys.textFrom(key, 1)));
        return keys("batching", 'M')
                .filter(key -> !left.contains(StateKeys.endedAt(key, 1)))
                .count();
    }

    private Map<String, Double> held() {
        return new TreeMap<>(Map.of(
                "duplicates", rows("idempotency", 'F'),
                "coalesced", rows("cache", 'F'),
                "windows", inWindows(),
                "reservations", rows("budget", 'R'),
                "ledgers", rows("budget", 'L')));
    }

    private Map<String, Double> shown() {
        Map<String, Double> shown = new TreeMap<>();
        pipeline.budgetMeters()
                .find("penstock.store.rows")
                .gauges()
                .forEach(gauge -> shown.put(String.valueOf(gauge.getId().getTag("kind")), gauge.value()));
        return shown;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldShowHowManyRowsOfEachKindThereAre(long seed) {
        // Given
        Random random = new Random(seed);
        MixedTraffic traffic = new MixedTraffic(pipeline, random);
        Set<String> seen = new TreeSet<>();

        for (int step = 0; step < 200; step++) {
            // When
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3, 4 -> traffic.send();
                case 5 -> pipeline.takeLaunched().forEach(traffic::end);
                case 6 -> pipeline.advance(Duration.ofMillis(random.nextInt(500)));
                default -> pipeline.advance(Duration.ofSeconds(random.nextInt(400)));
            }
            pipeline.commit();
            if (random.nextInt(50) == 0) {
                pipeline.restart(new Owner("node-" + step, "run-1"), SETS);
                pipeline.caughtUp();
            }

            // Then
            assertThat(shown()).isEqualTo(held());
            shown().forEach((kind, rows) -> {
                if (rows > 0) {
                    seen.add(kind);
                }
            });
        }
        assertThat(seen).isEqualTo(held().keySet());
    }
}
