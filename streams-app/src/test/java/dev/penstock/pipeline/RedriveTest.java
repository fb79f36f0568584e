package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the pipeline makes of the headers that a replay adds. */
class RedriveTest {

    private static final String PLAIN = request("a-1", "");

    private final TestPipeline pipeline = new TestPipeline();
    private final RecordHeaders headers = new RecordHeaders();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldGiveAReplayedRequestTheFreshDeadline() {
        // Given
        Instant fresh = pipeline.now().plus(Duration.ofMinutes(3));
        redriven("1");
        with(HeaderNames.REDRIVE_DEADLINE, Long.toString(fresh.toEpochMilli()));

        // When
        replay(request("a-1", ",\"deadline\":\"2020-01-01T00:00:00Z\""));

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().deadline()).isEqualTo(fresh);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldBoundTheFreshDeadlineAsItBoundsAnyOther() {
        // Given
        redriven("1");
        with(HeaderNames.REDRIVE_DEADLINE, Long.toString(Long.MAX_VALUE));

        // When
        replay(request("a-1", ",\"deadline\":\"2020-01-01T00:00:00Z\""));

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().deadline())
                .isEqualTo(pipeline.now().plus(Duration.ofDays(7)));
    }

    @Test
    void shouldLetARelativeDeadlineCountAnew() {
        // Given
        redriven("1");
        with(HeaderNames.REDRIVE_DEADLINE, "1");

        // When
        replay(request("a-1", ",\"timeout_ms\":5000"));

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().deadline())
                .isEqualTo(pipeline.now().plusSeconds(5));
    }

    @Test
    void shouldPassOverADeadlineWithoutAReplay() {
        // Given
        with(
                HeaderNames.REDRIVE_DEADLINE,
                Long.toString(pipeline.now().plusSeconds(60).toEpochMilli()));

        // When
        replay(request("a-1", ",\"deadline\":\"2020-01-01T00:00:00Z\""));

        // Then
        assertThat(header(only(pipeline.deadLetters()), "llm.dlq.code")).isEqualTo("dispatch.deadline");
    }

    @Test
    void shouldCallAgainForAForcedReplayOfAFinalFailure() {
        // Given
        failedForGood();
        redriven("1");
        with(HeaderNames.REDRIVE_FORCED, "true");

        // When
        replay(PLAIN);

        // Then
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(answered(launch, "at last"));
        assertThat(pipeline.results()).hasSize(1);
        assertThat(launch.ticket().origin().redriveCount()).isEqualTo(1);
    }

    @Test
    void shouldGiveAReplayThatWasNotForcedTheSameFinalFailure() {
        // Given
        failedForGood();
        redriven("1");

        // When
        replay(PLAIN);

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.duplicate.of")).isEqualTo("llm.requests-0-0");
        assertThat(header(letter, "llm.dlq.redrive.count")).isEqualTo("1");
    }

    @Test
    void shouldNeverPayAgainForAnAnswerThatStands() throws Exception {
        // Given
        pipeline.send("acme", PLAIN);
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "paid for"));
        pipeline.results();
        redriven("1");
        with(HeaderNames.REDRIVE_FORCED, "true");

        // When
        replay(PLAIN);

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(new WireCodec()
                        .readResult(only(pipeline.results()).value())
                        .penstock()
                        .source())
                .isEqualTo(Source.DUPLICATE);
    }

    @Test
    void shouldLetOneForcedReplayFollowAnother() {
        // Given
        failedForGood();
        redriven("1");
        with(HeaderNames.REDRIVE_FORCED, "true");
        replay(PLAIN);

        // When
        replay(PLAIN);

        // Then
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "once"));
        assertThat(pipeline.results()).hasSize(2);
    }

    @Test
    void shouldStartAnewAfterAFailureThatWasNotFinal() {
        // Given
        pipeline.send("acme", PLAIN);
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        pipeline.commit();
        redriven("1");

        // When
        replay(PLAIN);

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldCarryWhatAReplayAskedForThroughAReroute() {
        // Given
        redriven("2");
        with(HeaderNames.REDRIVE_DEADLINE, "123");
        with(HeaderNames.REDRIVE_FORCED, "true");

        // When
        try (TestPipeline elsewhere = new TestPipeline("topics.partitions=2")) {
            elsewhere.send(new TestRecord<>(bytes(tenantOfPartitionOne()), bytes(PLAIN), headers, elsewhere.now()));

            // Then
            TestRecord<byte[], byte[]> rerouted = only(elsewhere.reroutedOut());
            assertThat(header(rerouted, HeaderNames.REDRIVE_COUNT)).isEqualTo("2");
            assertThat(header(rerouted, HeaderNames.REDRIVE_DEADLINE)).isEqualTo("123");
            assertThat(header(rerouted, HeaderNames.REDRIVE_FORCED)).isEqualTo("true");
        }
    }

    private void failedForGood() {
        pipeline.send("acme", PLAIN);
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.commit();
        assertThat(pipeline.deadLetters()).hasSize(1);
    }

    private void replay(String value) {
        pipeline.send(new TestRecord<>(bytes("acme"), bytes(value), headers, pipeline.now()));
        pipeline.commit();
    }

    private void redriven(String count) {
        with(HeaderNames.REDRIVE_COUNT, count);
    }

    private void with(String name, String value) {
        headers.add(name, bytes(value));
    }

    private static String tenantOfPartitionOne() {
        TenantPartitions partitions = new TenantPartitions(2);
        int i = 0;
        while (partitions.applyAsInt("tenant-" + i) != 1) {
            i++;
        }
        return "tenant-" + i;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
