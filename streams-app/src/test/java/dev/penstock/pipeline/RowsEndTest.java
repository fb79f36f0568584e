package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of a store ends. Requests of many tenants come to every end that one can come to: answers that are kept, shared,
 * followed or lost, failures, deadlines of leaders and of followers, prompts that are shared. Then all times pass.
 */
class RowsEndTest {

    private static final List<String> STORES = List.of("idempotency", "cache", "calls", "batching");
    private static final String[] SETS = {
        "cache.enabled=true", "batching.enabled=true", "dispatch.permits=40", "dispatch.waiting.max_items=100000"
    };

    /** Followers of which one transaction cannot end all. */
    private static final int MORE_THAN_A_STEP = 600;

    /** More than any retention, ttl, deadline or lease. */
    private static final Duration ALL_TIMES = Duration.ofDays(8);

    private final TestPipeline pipeline = new TestPipeline(SETS);
    private final MixedTraffic traffic = new MixedTraffic(pipeline, new Random(7));
    private final Map<String, Set<String>> kinds = new TreeMap<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void fill() {
        traffic.sendCrowd(MORE_THAN_A_STEP);
        pipeline.commit();
        for (int step = 0; step < 60; step++) {
            for (int i = 0; i < 12; i++) {
                traffic.send();
            }
            pipeline.commit();
            see();
            pipeline.takeLaunched().forEach(traffic::end);
            see();
            pipeline.advance(Duration.ofMillis(300));
            pipeline.commit();
        }
    }

    /** Notes which kinds of row there are. */
    private void see() {
        for (String store : STORES) {
            Set<String> seen = kinds.computeIfAbsent(store, any -> new TreeSet<>());
            pipeline.stores().entries(store).keySet().forEach(key -> seen.add(StoredTypes.kindOf(key)));
        }
    }

    private void assertEveryKindWasThere() throws ReflectiveOperationException {
        for (String store : STORES) {
            assertThat(kinds.get(store)).as(store).containsAll(StoredTypes.kinds(store));
        }
    }

    /** Half an hour in small steps, after a restart on another instance or without one. */
    private void continued(boolean restarted) {
        if (restarted) {
            pipeline.restart(new Owner("node-2", "run-1"), SETS);
            pipeline.caughtUp();
        }
        for (int i = 0; i < 90; i++) {
            step(Duration.ofSeconds(20));
            see();
        }
    }

    /** @param asks whether another tenant asks something every hour */
    private void pass(Duration time, boolean asks) {
        for (int hour = 0; hour < time.toHours(); hour++) {
            if (asks) {
                pipeline.send("traffic", Requests.request("t-" + hour, "").replace("hello", "what else " + hour));
            }
            step(Duration.ofHours(1));
        }
    }

    private void step(Duration duration) {
        pipeline.commit();
        pipeline.takeLaunched().forEach(this::endAsTraffic);
        pipeline.advance(duration);
        pipeline.commit();
    }

    private void endAsTraffic(Launch launch) {
        pipeline.endCall(launch);
        pipeline.deliver(completed(launch, "hi"));
    }

    private Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new TreeMap<>();
        STORES.forEach(store -> sizes.put(store, pipeline.stores().size(store)));
        return sizes;
    }

    private void assertEmpty() {
        for (String store : STORES) {
            assertThat(pipeline.stores().entries(store).keySet())
                    .as(store)
                    .extracting(key -> new String(key.get(), StandardCharsets.ISO_8859_1))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepNoRowOfAnyStoreWhenAllTimesHavePassed(boolean restarted) throws Exception {
        // Given
        fill();

        // When
        continued(restarted);
        pass(ALL_TIMES, false);

        // Then
        assertEveryKindWasThere();
        assertEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepOnlyRowsOfTheTrafficWhileOthersAskOn(boolean restarted) {
        // Given
        fill();

        // When
        continued(restarted);
        pass(ALL_TIMES, true);
        Map<String, Integer> level = sizes();
        pass(Duration.ofDays(4), true);

        // Then
        assertThat(sizes()).isEqualTo(level);
        pass(ALL_TIMES, false);
        assertEmpty();
    }
}
