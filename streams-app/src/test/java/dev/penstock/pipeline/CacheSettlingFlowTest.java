package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of followers and of kept answers when leaders change, calls fail and the instance is started again. */
class CacheSettlingFlowTest {

    private static final String ON = "cache.enabled=true";
    private static final Owner NEXT_RUN = new Owner("node-1", "run-3");

    private final WireCodec codec = new WireCodec();
    private final TestPipeline pipeline = new TestPipeline(ON);

    @AfterEach
    void close() {
        pipeline.close();
    }

    /** The urgent one leads those who come after it; who followed before still has the first call's answer coming. */
    @Test
    void shouldAnswerThoseWhoFollowedBeforeAnotherLed() throws Exception {
        // Given
        pipeline.send("acme", request("a-1", ",\"priority\":\"bulk\""));
        pipeline.send("acme", request("a-2", ",\"priority\":\"bulk\""));
        pipeline.send("acme", request("urgent", ",\"priority\":\"interactive\""));
        pipeline.commit();
        Launch first = pipeline.takeLaunched().getFirst();

        // When
        pipeline.deliver(completed(first, "hi"));
        pipeline.commit();

        // Then
        assertThat(first.ticket().customId()).isEqualTo("a-1");
        assertThat(results())
                .extracting(Result::customId, result -> result.penstock().source())
                .containsExactly(tuple("a-1", Source.PROVIDER), tuple("a-2", Source.COALESCED));
    }

    @Test
    void shouldFollowTheUrgentOneWhenTheOneBeforeHasEnded() {
        // Given
        pipeline.send("acme", request("a-1", ",\"priority\":\"bulk\""));
        pipeline.send("acme", request("urgent", ",\"priority\":\"interactive\""));
        pipeline.commit();
        Launch first = pipeline.takeLaunched().getFirst();
        pipeline.deliver(failed(first, DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.commit();

        // When
        pipeline.send("acme", request("a-3", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldLetEachFollowerGoByItselfWhenTheCallFailed() {
        // Given
        for (String name : List.of("a-1", "a-2", "a-3")) {
            pipeline.send("acme", request(name, ""));
        }
        pipeline.commit();

        // When
        pipeline.deliver(
                failed(pipeline.takeOneLaunched(), FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        pipeline.commit();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.ticket().customId())
                .containsExactlyInAnyOrder("a-2", "a-3");
    }

    /** More follow than one transaction ends. */
    @Test
    void shouldGoOnWithFollowersThatAreLeftAfterARestart() throws Exception {
        // Given
        int requests = StepBudget.USUAL.records() + 100;
        for (int i = 0; i < requests; i++) {
            pipeline.send("acme", request("a-" + i, ""));
        }
        pipeline.commit();
        pipeline.deliver(completed(pipeline.takeOneLaunched(), "hi"));
        pipeline.commit();
        List<Result> results = new ArrayList<>(results());
        int before = results.size();

        // When
        pipeline.restart(NEXT_RUN, ON);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        results.addAll(results());

        // Then
        assertThat(before).isLessThan(requests);
        assertThat(results).hasSize(requests);
        assertThat(results).extracting(Result::customId).doesNotHaveDuplicates();
    }

    @Test
    void shouldForgetAfterARestartWhatExpires() {
        // Given
        answer("a-1");
        int kept = pipeline.stores().size("cache");
        pipeline.restart(NEXT_RUN, ON);
        pipeline.caughtUp();

        // When
        pipeline.advance(Duration.ofHours(24).plusSeconds(11));
        pipeline.commit();

        // Then
        assertThat(kept).isPositive();
        assertThat(pipeline.stores().size("cache")).isZero();
    }

    /** More expire at once than one step forgets, and one an hour later. */
    @Test
    void shouldGoOnForgetting() throws Exception {
        // Given
        int atOnce = 70;
        for (int i = 0; i < atOnce; i++) {
            answer("a-" + i);
        }
        pipeline.advance(Duration.ofHours(1));
        answer("later");

        // When
        pipeline.advance(Duration.ofHours(23).plusSeconds(15));
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.advance(Duration.ofSeconds(1));
        long left = pipeline.cache().entries;
        pipeline.advance(Duration.ofHours(1).plusSeconds(15));

        // Then
        assertThat(left).isEqualTo(1);
        assertThat(pipeline.stores().size("cache")).isZero();
        assertThat(results()).hasSize(atOnce + 1);
    }

    private void answer(String name) {
        pipeline.send("acme", request(name, "").replace("hello", name));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        pipeline.endCall(launch);
        pipeline.deliver(completed(launch, "re: " + name));
        pipeline.commit();
    }

    private List<Result> results() throws Exception {
        List<Result> results = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            results.add(codec.readResult(record.value()));
        }
        return results;
    }
}
