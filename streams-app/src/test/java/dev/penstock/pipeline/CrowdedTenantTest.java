package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.parked;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One tenant sends the same again and again while its first call cannot leave: others on its partition are served. */
class CrowdedTenantTest extends TenCentFlow {

    private static final int MAX_ITEMS = 10;

    /** Why a request follows another. */
    enum Same {
        KEY,
        QUESTION;

        String request(int number) {
            String more = ",\"timeout_ms\":3600000";
            return TenCentFlow.request("a-" + number, "m-1", this == KEY ? more + ",\"idempotency_key\":\"k\"" : more);
        }
    }

    private static final String[] SETS = {
        "cache.enabled=true", "dispatch.waiting.max_items=" + MAX_ITEMS, "budgets.on_spent=hold"
    };

    private TestPipeline spent() {
        TestPipeline pipeline = pipeline(SETS);
        pipeline.govern("spent", policy("0.10"));
        pipeline.send(
                "spent", request("first", "m-1", ",\"timeout_ms\":7200000").replace("hello", "first"));
        pipeline.commit();
        return pipeline;
    }

    private static void send(TestPipeline pipeline, Same same, int from, int to) {
        for (int number = from; number < to; number++) {
            pipeline.send("spent", same.request(number));
        }
        pipeline.commit();
    }

    private static void pass(TestPipeline pipeline, Duration time) {
        for (int second = 0; second < time.toSeconds(); second++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetOthersInWhileRequestsFollowAHeldCall(Same same) throws Exception {
        // Given
        TestPipeline pipeline = spent();
        Launch first = pipeline.takeOneLaunched();

        // When
        send(pipeline, same, 0, 30);
        boolean atFirst = pipeline.valve().isOpen(0);
        pass(pipeline, Duration.ofMinutes(5));
        boolean open = pipeline.valve().isOpen(0);
        pipeline.send("other", request("b-1"));
        pipeline.commit();

        // Then
        assertThat(pipeline.waiting().held()).isOne();
        assertThat(atFirst).isFalse();
        assertThat(open).isTrue();
        assertThat(pipeline.takeOneLaunched().ticket().tenant()).isEqualTo("other");
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(first.ticket().tenant()).isEqualTo("spent");
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetOthersInWhileRequestsFollowAParkedCall(Same same) throws Exception {
        // Given
        TestPipeline pipeline = pipeline(SETS);
        pipeline.send("spent", same.request(0));
        pipeline.commit();
        Launch leader = pipeline.takeOneLaunched();
        pipeline.endCall(leader);
        pipeline.deliver(
                parked(leader, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plus(Duration.ofMinutes(30))));
        pipeline.commit();

        // When
        send(pipeline, same, 1, 30);
        boolean atFirst = pipeline.valve().isOpen(0);
        pass(pipeline, Duration.ofMinutes(2));

        // Then
        assertThat(atFirst).isFalse();
        assertThat(pipeline.valve().isOpen(0)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhatFollowsBeyondTheLimitAndAnswerTheOthers(Same same) throws Exception {
        // Given
        TestPipeline pipeline = spent();
        Launch first = pipeline.takeOneLaunched();
        send(pipeline, same, 0, 5);
        pass(pipeline, Duration.ofMinutes(2));

        // When
        send(pipeline, same, 5, 30);
        boolean open = pipeline.valve().isOpen(0);
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        pipeline.govern("spent", policy("1"));
        pipeline.commit();
        Launch leader = pipeline.takeOneLaunched();
        pipeline.endCall(leader);
        pipeline.deliver(completed(leader, "hi"));
        pipeline.commit();
        pass(pipeline, Duration.ofSeconds(3));

        // Then
        assertThat(open).isTrue();
        assertThat(codes(letters)).hasSize(19).containsOnly("dispatch.crowded");
        assertThat(header(letters.getFirst(), "llm.dlq.retryable")).isEqualTo("true");
        assertThat(pipeline.results()).hasSize(11);
        assertThat(first.ticket().tenant()).isEqualTo("spent");
    }

    @Test
    void shouldStillLetOthersInAfterARestart() throws Exception {
        // Given
        TestPipeline pipeline = spent();
        send(pipeline, Same.KEY, 0, 30);
        pass(pipeline, Duration.ofMinutes(2));

        // When
        pipeline.restart(new Owner("node-1", "run-2"), priced(SETS));
        pipeline.caughtUp();
        pass(pipeline, Duration.ofSeconds(2));

        // Then
        assertThat(pipeline.valve().isOpen(0)).isTrue();
    }
}
