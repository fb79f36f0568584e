package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.OutcomeFixtures.parked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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

    /** More than any retention, ttl, deadline or lease. */
    private static final Duration ALL_TIMES = Duration.ofDays(8);

    private final Random random = new Random(7);
    private final TestPipeline pipeline = new TestPipeline(SETS);

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void fill() {
        Map<String, Integer> most = new TreeMap<>();
        for (int step = 0; step < 60; step++) {
            for (int i = 0; i < 12; i++) {
                pipeline.send("tenant-" + random.nextInt(20), request());
            }
            pipeline.commit();
            STORES.forEach(store -> most.merge(store, pipeline.stores().size(store), Math::max));
            pipeline.takeLaunched().forEach(this::end);
            pipeline.advance(Duration.ofMillis(300));
            pipeline.commit();
        }
        assertThat(most.values()).hasSize(STORES.size()).allMatch(size -> size > 0);
    }

    /** Half an hour in small steps, after a restart on another instance or without one. */
    private void continued(boolean restarted) {
        if (restarted) {
            pipeline.restart(new Owner("node-2", "run-1"), SETS);
            pipeline.caughtUp();
        }
        for (int i = 0; i < 90; i++) {
            step(Duration.ofSeconds(20));
        }
    }

    private String request() {
        String more = random.nextInt(3) == 0 ? ",\"timeout_ms\":" + (1 + random.nextInt(20_000)) : "";
        more += random.nextInt(3) == 0 ? ",\"batch\":\"allow\"" : "";
        more += random.nextInt(3) == 0 ? ",\"priority\":\"bulk\"" : "";
        more += random.nextInt(4) == 0 ? ",\"in_doubt\":\"fail\"" : "";
        return Requests.request("c-" + random.nextInt(8), more).replace("hello", "question " + random.nextInt(6));
    }

    private void end(Launch launch) {
        int how = random.nextInt(10);
        pipeline.endCall(launch);
        if (how == 0) {
            // Nobody ever says how it ended.
            return;
        }
        pipeline.deliver(
                switch (how) {
                    case 1 -> failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false);
                    case 2 -> failed(launch, FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNAVAILABLE, true);
                    case 3 ->
                        parked(
                                launch,
                                DeadLetterCode.PROVIDER_THROTTLED,
                                pipeline.now().plusSeconds(random.nextInt(600)));
                    case 4 -> failed(launch, FailureClass.PERMANENT, DeadLetterCode.DISPATCH_DEADLINE, false);
                    default -> completed(launch, answer(launch));
                });
    }

    private String answer(Launch launch) {
        SharedAnswers shared = new SharedAnswers(launch);
        return shared.size() > 0 && random.nextInt(4) > 0 ? shared.json() : "long enough ".repeat(random.nextInt(400));
    }

    /** @param traffic whether another tenant asks something every hour */
    private void pass(Duration time, boolean traffic) {
        for (int hour = 0; hour < time.toHours(); hour++) {
            if (traffic) {
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
    void shouldKeepNoRowOfAnyStoreWhenAllTimesHavePassed(boolean restarted) {
        // Given
        fill();

        // When
        continued(restarted);
        pass(ALL_TIMES, false);

        // Then
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
