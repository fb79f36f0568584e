package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.RecordSizes;
import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is stored and sent stays within the size of a record, and what is over is forgotten in time. */
class LimitsTest {

    private static final Duration RETENTION = Duration.ofHours(24);

    private TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldNotStoreACallThatIsLargerThanARecordMayBe() {
        // Given
        reopenWith("intake.max_bytes=1984KiB");

        // When
        pipeline.send("acme", requestWithMetadataOf(1_900_000));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.entry_too_large");
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.permits().inUse()).isZero();
        assertThat(pipeline.stores().size("calls")).isZero();
    }

    @Test
    void shouldNotStoreAFollowerThatIsLargerThanARecordMayBe() {
        // Given
        reopenWith("intake.max_bytes=1984KiB");
        pipeline.send("acme", requestWithMetadataOf(10));
        pipeline.commit();

        // When
        pipeline.send("acme", requestWithMetadataOf(1_900_000));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.entry_too_large");
        assertThat(pipeline.stores().largest("idempotency")).isLessThan(RecordSizes.MAX_RECORD_BYTES);
    }

    @Test
    void shouldTakeTheLargestRequestOfTheDefaultsWithRoomToSpare() {
        // When
        pipeline.send("acme", requestWithMetadataOf(500_000));
        pipeline.send("acme", requestWithMetadataOf(500_000));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.stores().largest("calls")).isBetween(500_000, RecordSizes.MAX_RECORD_BYTES);
    }

    @Test
    void shouldTurnAResultThatIsTooLargeIntoADeadLetter() {
        // Given
        reopenWith("intake.max_bytes=1984KiB");
        pipeline.send("acme", requestWithMetadataOf(700_000));
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), noise(1_600_000, 7)));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("outcome.result_too_large");
        assertThat(pipeline.results()).isEmpty();
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldBoundTheBytesOfATransactionWhateverTheScript() {
        // Given
        String answer = "\u4e2d".repeat(100_000);
        Launch launch = launched();
        for (int i = 0; i < 30; i++) {
            pipeline.send("acme", request("a", ""));
        }
        pipeline.commit();

        // When
        pipeline.deliver(answered(launch, answer));

        // Then
        long bytes = pipeline.results().stream()
                .mapToLong(result -> result.value().length)
                .sum();
        assertThat(bytes).isBetween(StepBudget.USUAL.bytes() / 2, StepBudget.USUAL.bytes() + 2 * 400_000);
    }

    @Test
    void shouldForgetKeysAfterRetention() {
        // Given
        pipeline.deliver(answered(launched(), "hi"));
        pipeline.commit();
        int kept = pipeline.stores().size("idempotency");

        // When
        pipeline.advance(RETENTION);
        pipeline.advance(Duration.ofSeconds(20));

        // Then
        assertThat(kept).isEqualTo(3);
        assertThat(pipeline.stores().size("idempotency")).isZero();
    }

    @Test
    void shouldForgetKeysAsFastAsTheyCome() {
        // Given
        int keys = 10_000;
        for (int i = 0; i < keys; i++) {
            pipeline.send("acme", request("a-" + i, ""));
            pipeline.commit();
            Launch launch = pipeline.takeOneLaunched();
            pipeline.endCall(launch);
            pipeline.deliver(answered(launch, "hi"));
        }
        pipeline.commit();

        // When
        pipeline.advance(RETENTION);
        for (int i = 0; i < 200; i++) {
            pipeline.commit();
            pipeline.advance(Duration.ofMillis(100));
        }

        // Then
        assertThat(pipeline.stores().size("idempotency")).isZero();
    }

    @Test
    void shouldSweepAtTimesThatAllTasksShareSoThatAnIdleAppRests() {
        // Given
        pipeline.advance(Duration.ofMillis(4_321));
        pipeline.deliver(answered(launched(), "hi"));
        pipeline.commit();
        pipeline.advance(RETENTION.minusMillis(4_321));

        // When
        pipeline.advance(Duration.ofMillis(9_999));
        int before = pipeline.stores().size("idempotency");
        pipeline.advance(Duration.ofMillis(1));

        // Then
        assertThat(before).isEqualTo(3);
        assertThat(pipeline.stores().size("idempotency")).isZero();
    }

    @Test
    void shouldKeepNothingOfARequestThatMayBeRetried() {
        // Given
        Launch launch = launched();
        pipeline.send("acme", request("a", ""));

        // When
        pipeline.deliver(OutcomeFixtures.failed(launch, DeadLetterCode.PROVIDER_UNAVAILABLE, false));

        // Then
        assertThat(pipeline.deadLetters()).hasSize(2);
        assertThat(pipeline.stores().size("idempotency")).isZero();
        assertThat(pipeline.stores().size("calls")).isZero();
    }

    private Launch launched() {
        pipeline.send("acme", request("a", ""));
        pipeline.commit();
        return only(pipeline.takeLaunched());
    }

    private void reopenWith(String... sets) {
        pipeline.close();
        pipeline = new TestPipeline(sets);
    }

    /** In strings that are short enough each; noise, so that compression does not help. */
    private static String requestWithMetadataOf(int bytes) {
        StringBuilder metadata = new StringBuilder(",\"metadata\":{\"m\":[\"\"");
        for (int left = bytes; left > 0; left -= 100_000) {
            metadata.append(",\"").append(noise(Math.min(left, 100_000), left)).append('"');
        }
        return request("a", metadata.append("]}").toString());
    }

    private static String noise(int length, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + random.nextInt(75)));
        }
        return text.toString().replace('\\', 'x');
    }

    @Test
    void shouldEndOverdueCallsInBoundedTransactions() {
        // Given
        int calls = 1_200;
        try (TestPipeline pipeline = new TestPipeline("dispatch.permits=1", "dispatch.waiting.max_items=100000")) {
            for (int i = 0; i < calls; i++) {
                pipeline.send("acme", Requests.request("a-" + i, ""));
            }
            pipeline.commit();
            List<Integer> ended = new ArrayList<>();

            // When
            pipeline.advance(Duration.ofMinutes(11));
            for (int i = 0; i < 10; i++) {
                ended.add(pipeline.deadLetters().size());
                pipeline.commit();
                pipeline.advance(Duration.ofMillis(200));
            }

            // Then: all but the one that is in flight, and never more than a transaction may carry
            assertThat(ended).allMatch(size -> size <= 500);
            assertThat(ended.stream().mapToInt(size -> size).sum()).isEqualTo(calls - 1);
        }
    }

    /** Calls that a provider does not answer hold their permits: those of one tenant are not to be all that there are. */
    @Test
    void shouldLeavePermitsToOthersWhateverOneTenantHasInFlight() {
        try (TestPipeline pipeline = new TestPipeline("dispatch.permits=20")) {
            // Given
            for (int i = 0; i < 30; i++) {
                pipeline.send("hog", request("hog-" + i, ",\"attempt_timeout_ms\":3600000"));
            }
            pipeline.commit();
            assertThat(pipeline.takeLaunched()).hasSize(18);

            // When
            pipeline.send("other", request("o-1", ""));
            pipeline.send("other", request("o-2", ""));
            pipeline.commit();

            // Then
            assertThat(pipeline.takeLaunched())
                    .extracting(launch -> launch.ticket().tenant())
                    .containsExactly("other", "other");
        }
    }

    @Test
    void shouldLeavePermitsToOtherPartitionsThatATenantAtItsCapCannotUse() {
        // Given
        try (TestPipeline pipeline = new TestPipeline("dispatch.permits=10", "dispatch.tenant_max_in_flight=1")) {
            // When
            for (int i = 0; i < 12; i++) {
                pipeline.send("acme", Requests.request("a-" + i, ""));
            }
            pipeline.commit();

            // Then
            assertThat(pipeline.takeLaunched()).hasSize(1);
            assertThat(pipeline.permits().free()).isEqualTo(9);
        }
    }

    @Test
    void shouldNotTakeTheLongWayForAllBecauseOneCallIsParked() {
        // Given
        try (TestPipeline pipeline = new TestPipeline("dispatch.tenant_max_in_flight=200")) {
            int direct = accessesOfCalls(pipeline, "a");
            pipeline.send("acme", Requests.request("p-1", ",\"timeout_ms\":86400000"));
            pipeline.commit();
            pipeline.deliver(OutcomeFixtures.parked(
                    pipeline.takeOneLaunched(),
                    DeadLetterCode.PROVIDER_THROTTLED,
                    pipeline.now().plus(Duration.ofHours(1))));
            pipeline.commit();

            // When
            int beside = accessesOfCalls(pipeline, "b");

            // Then
            assertThat(beside).isEqualTo(direct);
        }
    }

    private static int accessesOfCalls(TestPipeline pipeline, String name) {
        pipeline.stores().takeAccesses("calls");
        for (int i = 0; i < 100; i++) {
            pipeline.send("beta", Requests.request(name + i, ""));
        }
        pipeline.commit();
        assertThat(pipeline.takeLaunched()).hasSize(100);
        return pipeline.stores().takeAccesses("calls");
    }

    @Test
    void shouldNotTakeTheLongWayForAllBecauseOneTenantIsAtItsCap() {
        // Given
        try (TestPipeline pipeline = new TestPipeline("dispatch.tenant_max_in_flight=200")) {
            int direct = accessesOfCalls(pipeline, "a");
            for (int i = 0; i < 201; i++) {
                pipeline.send("acme", Requests.request("c-" + i, ""));
            }
            pipeline.commit();
            assertThat(pipeline.takeLaunched()).hasSize(200);

            // When
            int beside = accessesOfCalls(pipeline, "b");

            // Then
            assertThat(beside).isEqualTo(direct);
        }
    }
}
