package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Requests that follow one that ends at its own deadline: the next of them leads. */
class HandOverTest {

    /** Why a request follows another, which is by which stage. */
    enum Stage {
        /** All have one idempotency key. */
        IDEMPOTENCY("idempotency"),
        /** All ask the same under keys of their own. */
        CACHE("cache");

        private final String store;

        Stage(String store) {
            this.store = store;
        }

        String request(int number, String more) {
            String id = this == IDEMPOTENCY ? "same" : "a-" + number;
            return Requests.request(id, more + ",\"metadata\":{\"number\":" + number + "}");
        }
    }

    private static final String[] SETS = {
        "cache.enabled=true", "dispatch.permits=1", "dispatch.waiting.max_items=100000"
    };

    private final WireCodec codec = new WireCodec();
    private final TestPipeline pipeline = new TestPipeline(SETS);
    private final List<String> letters = new ArrayList<>();
    private final List<Integer> answered = new ArrayList<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static int number(@Nullable ObjectNode metadata) {
        return Objects.requireNonNull(metadata).path("number").asInt();
    }

    private Launch blocked() {
        pipeline.send(
                "acme",
                Requests.request("blocks", ",\"metadata\":{\"number\":0}").replace("hello", "another question"));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }

    private void step(Duration duration) throws Exception {
        pipeline.advance(duration);
        pipeline.commit();
        letters.addAll(codes(pipeline.deadLetters()));
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            Result result = codec.readResult(record.getValue());
            answered.add(number(result.penstock().metadata()));
        }
    }

    private void unblock(Launch other) throws Exception {
        pipeline.endCall(other);
        pipeline.deliver(completed(other, "else"));
        pipeline.commit();
        step(Duration.ofMillis(100));
        answered.clear();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCostAsMuchForEachOfManyFollowersAsForEachOfFew(Stage stage) throws Exception {
        // When
        double ofFew = accessesForEach(stage, 50);
        double ofMany = accessesForEach(stage, 500);

        // Then
        assertThat(ofMany).isLessThan(1.2 * ofFew);
    }

    /** Each leads when the one before it has ended, and ends at a deadline of its own. */
    private double accessesForEach(Stage stage, int followers) throws Exception {
        letters.clear();
        TestPipeline own = new TestPipeline(SETS);
        own.send(
                "acme",
                Requests.request("blocks", ",\"metadata\":{\"number\":0}").replace("hello", "another question"));
        own.commit();
        own.takeOneLaunched();
        for (int i = 0; i <= followers; i++) {
            own.send("acme", stage.request(i, ",\"timeout_ms\":" + (10_000 + 3_000 * i)));
        }
        own.commit();
        own.stores().takeAccesses(stage.store);
        int ended = 0;
        for (int i = 0; i < 3 * followers + 20; i++) {
            own.advance(Duration.ofSeconds(1));
            own.commit();
            ended += own.deadLetters().size();
        }
        int accesses = own.stores().takeAccesses(stage.store);
        own.close();
        assertThat(ended).isEqualTo(followers + 1);
        return accesses / (double) followers;
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheMostUrgentLead(Stage stage) throws Exception {
        // Given
        Launch other = blocked();
        pipeline.send("acme", stage.request(1, ",\"priority\":\"normal\",\"timeout_ms\":1000"));
        pipeline.send("acme", stage.request(2, ",\"priority\":\"bulk\""));
        pipeline.send("acme", stage.request(3, ",\"priority\":\"normal\""));
        pipeline.commit();

        // When
        step(Duration.ofMillis(1_100));
        step(Duration.ofSeconds(3));
        unblock(other);
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(completed(launch, "hi"));
        step(Duration.ofMillis(100));

        // Then
        assertThat(letters).containsExactly("dispatch.deadline");
        assertThat(number(launch.ticket().metadata())).isEqualTo(3);
        assertThat(answered).containsExactly(3, 2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetThoseFollowWhoComeBeforeTheNextLeads(Stage stage) throws Exception {
        // Given
        Launch other = blocked();
        pipeline.send("acme", stage.request(1, ",\"timeout_ms\":1000"));
        pipeline.send("acme", stage.request(2, ""));
        pipeline.commit();
        pipeline.advance(Duration.ofSeconds(1));

        // When
        pipeline.send("acme", stage.request(3, ""));
        pipeline.commit();
        step(Duration.ofSeconds(3));
        unblock(other);
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(completed(launch, "hi"));
        step(Duration.ofMillis(100));

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(letters).containsExactly("dispatch.deadline");
        assertThat(answered).containsExactly(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOverAfterARestartToo(Stage stage) throws Exception {
        // Given
        blocked();
        for (int i = 1; i <= 4; i++) {
            pipeline.send("acme", stage.request(i, i == 3 ? "" : ",\"timeout_ms\":" + 1_000 * i));
        }
        pipeline.commit();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // When
        pipeline.restart(new Owner("node-1", "run-3"), SETS);
        step(Duration.ofMillis(100));
        pipeline.caughtUp();
        for (int i = 0; i < 10; i++) {
            step(Duration.ofSeconds(1));
        }
        Launch other = pipeline.takeOneLaunched();
        unblock(other);
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(completed(launch, "hi"));
        step(Duration.ofMillis(100));

        // Then
        assertThat(number(launch.ticket().metadata())).isEqualTo(3);
        assertThat(answered).containsExactly(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndManyWhoseDeadlinesPassTogetherInSeveralTransactions(Stage stage) throws Exception {
        // Given
        blocked();
        for (int i = 0; i < 1_200; i++) {
            pipeline.send("acme", stage.request(i, ",\"timeout_ms\":10000"));
        }
        pipeline.commit();

        // When
        int most = 0;
        for (int i = 0; i < 200 && letters.size() < 1_200; i++) {
            int before = letters.size();
            step(Duration.ofMillis(100));
            most = Math.max(most, letters.size() - before);
        }

        // Then
        assertThat(letters).hasSize(1_200);
        assertThat(most).isLessThanOrEqualTo(500);
    }
}
