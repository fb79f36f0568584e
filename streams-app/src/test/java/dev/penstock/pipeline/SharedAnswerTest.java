package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One large answer that many requests are given. */
class SharedAnswerTest {

    private final WireCodec codec = new WireCodec();
    private final TestPipeline pipeline = new TestPipeline("cache.enabled=true");
    private final List<Result> results = new ArrayList<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static String large() {
        byte[] noise = new byte[15_000];
        new Random(1).nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }

    private void ask(String customId) {
        pipeline.send("acme", Requests.request(customId, ""));
        pipeline.commit();
    }

    private void step(Duration duration) throws Exception {
        pipeline.advance(duration);
        pipeline.commit();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            results.add(codec.readResult(record.getValue()));
        }
    }

    private void answered(int coalesced, int cached) throws Exception {
        for (int i = 0; i <= coalesced; i++) {
            ask("a-" + i);
        }
        pipeline.deliver(completed(pipeline.takeOneLaunched(), large()));
        for (int i = 0; i < 20; i++) {
            step(Duration.ofMillis(100));
        }
        for (int i = 0; i < cached; i++) {
            ask("c-" + i);
        }
        step(Duration.ofMillis(100));
    }

    private long bytes() {
        return pipeline.stores().entries("idempotency").values().stream()
                .mapToLong(value -> value.length)
                .sum();
    }

    @Test
    void shouldKeepOneCopyOfAnAnswerThatIsShared() throws Exception {
        // When
        answered(100, 100);

        // Then
        assertThat(results).hasSize(201);
        assertThat(bytes()).isLessThan(200_000);
        assertThat(bytes() - large().length()).isLessThan(201 * 750);
    }

    @Test
    void shouldGiveEachRepeatItsAnswerUntilItsOwnRetentionEnds() throws Exception {
        // Given
        answered(3, 0);
        step(Duration.ofHours(12));
        ask("c-0");
        step(Duration.ofHours(11));
        ask("c-1");
        step(Duration.ofHours(7));
        results.clear();

        // When
        ask("a-1");
        ask("c-0");
        ask("c-1");
        step(Duration.ofMillis(100));

        // Then
        assertThat(pipeline.takeLaunched())
                .as("of a-1, whose retention is over")
                .hasSize(1);
        assertThat(results)
                .extracting(Result::customId, result -> result.penstock().source())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("c-0", Source.DUPLICATE),
                        org.assertj.core.groups.Tuple.tuple("c-1", Source.DUPLICATE));
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.response().body().toString()).contains(large()));
    }

    @Test
    void shouldKeepNothingWhenTheLastRetentionHasEnded() throws Exception {
        // Given
        answered(20, 5);
        step(Duration.ofHours(12));
        ask("c-9");
        step(Duration.ofHours(13));
        assertThat(pipeline.stores().size("idempotency")).isPositive();

        // When
        step(Duration.ofHours(12));
        step(Duration.ofHours(1));

        // Then
        assertThat(pipeline.stores().entries("idempotency")).isEmpty();
    }
}
