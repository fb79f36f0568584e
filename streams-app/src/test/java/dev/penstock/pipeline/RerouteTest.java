package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The driver's one task is partition 0; where a tenant lives depends on how many partitions there are. */
class RerouteTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String HERE = tenantOf(0);
    private static final String ELSEWHERE = tenantOf(1);
    private static final Instant OWN_TIME = Instant.parse("2025-12-31T00:00:00Z");

    private final TestPipeline wrongPlace = new TestPipeline("topics.partitions=2");
    private final TestPipeline home = new TestPipeline();

    @AfterEach
    void close() {
        wrongPlace.close();
        home.close();
    }

    @Test
    void shouldServeWhatIsAtHome() {
        // When
        wrongPlace.send(HERE, request("a", ""));
        wrongPlace.commit();

        // Then
        assertThat(wrongPlace.takeLaunched()).hasSize(1);
        assertThat(wrongPlace.reroutedOut()).isEmpty();
    }

    @Test
    void shouldSendOnWhatIsElsewhereWithItsOrigin() {
        // When
        TestRecord<byte[], byte[]> rerouted = rerouted();

        // Then
        assertThat(rerouted.key()).isEqualTo(ELSEWHERE.getBytes(StandardCharsets.UTF_8));
        assertThat(rerouted.value()).isEqualTo(value());
        assertThat(header(rerouted, HeaderNames.ORIGIN_TOPIC)).isEqualTo("llm.requests");
        assertThat(header(rerouted, HeaderNames.ORIGIN_PARTITION)).isEqualTo("0");
        assertThat(header(rerouted, HeaderNames.ORIGIN_OFFSET)).isEqualTo("0");
        assertThat(header(rerouted, HeaderNames.ORIGIN_TIMESTAMP)).isEqualTo(Long.toString(OWN_TIME.toEpochMilli()));
        assertThat(header(rerouted, HeaderNames.REDRIVE_COUNT)).isEqualTo("2");
        assertThat(header(rerouted, HeaderNames.TRACEPARENT)).isEqualTo(TRACE);
        assertThat(rerouted.headers().lastHeader("mine")).isNull();
        wrongPlace.commit();
        assertThat(wrongPlace.takeLaunched()).isEmpty();
    }

    @Test
    void shouldKeepTheIdentityOfWhatWasRerouted() {
        // Given
        home.send("x", request("another", ""));
        home.commit();
        home.takeLaunched();

        // When
        home.sendRerouted(rerouted());
        home.commit();

        // Then
        Launch launch = home.takeOneLaunched();
        assertThat(launch.ticket().id()).isEqualTo(new RequestId("llm.requests", 0, 0));
        assertThat(launch.ticket().tenant()).isEqualTo(ELSEWHERE);
        assertThat(launch.ticket().origin().timestampMillis()).isEqualTo(OWN_TIME.toEpochMilli());
        assertThat(launch.ticket().origin().redriveCount()).isEqualTo(2);
        assertThat(launch.ticket().origin().traceparent()).isEqualTo(TRACE);
    }

    @Test
    void shouldEndWhatIsInTheWrongPlaceTwiceUnderItsFirstName() {
        // When
        rerouted();

        // Then
        TestRecord<byte[], byte[]> letter = only(wrongPlace.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("intake.misrouted");
        assertThat(header(letter, "llm.dlq.original.topic")).isEqualTo("llm.requests");
        assertThat(header(letter, "llm.dlq.original.timestamp")).isEqualTo(Long.toString(OWN_TIME.toEpochMilli()));
        assertThat(letter.value()).isEqualTo(value());
    }

    /** The driver feeds what was sent to a topic back to the topology that reads it. */
    private TestRecord<byte[], byte[]> rerouted() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.TRACEPARENT, TRACE.getBytes(StandardCharsets.UTF_8));
        headers.add(HeaderNames.REDRIVE_COUNT, "2".getBytes(StandardCharsets.UTF_8));
        headers.add("mine", "secret".getBytes(StandardCharsets.UTF_8));
        wrongPlace.send(new TestRecord<>(ELSEWHERE.getBytes(StandardCharsets.UTF_8), value(), headers, OWN_TIME));
        return only(wrongPlace.reroutedOut());
    }

    /** Not among the requests, which are not read while enough waits. */
    @Test
    void shouldSendOnAPolicyByATopicThatIsAlwaysRead() {
        // Given
        try (TestPipeline governed = new TestPipeline("topics.partitions=2", "budgets.enabled=true")) {
            // When
            governed.govern(ELSEWHERE, "{}");

            // Then
            TestRecord<byte[], byte[]> forwarded = only(governed.reroutedControlOut());
            assertThat(forwarded.key()).isEqualTo(ELSEWHERE.getBytes(StandardCharsets.UTF_8));
            assertThat(header(forwarded, HeaderNames.ORIGIN_TOPIC)).isEqualTo("llm.tenants");
            assertThat(governed.reroutedOut()).isEmpty();
        }
    }

    /** Its key may be another tenant's, or none: the event says whose it is. */
    @ParameterizedTest
    @MethodSource("keys")
    void shouldSendOnUsageOfATenantWhosePolicyIsElsewhere(byte @Nullable [] key) {
        // Given
        try (TestPipeline governed = new TestPipeline("topics.partitions=2", "budgets.enabled=true")) {
            governed.govern(HERE, "{}");

            // When
            governed.publishUsage(new TestRecord<>(key, usage(ELSEWHERE, governed.now()), governed.now()));

            // Then
            TestRecord<byte[], byte[]> forwarded = only(governed.reroutedControlOut());
            assertThat(forwarded.key()).isEqualTo(ELSEWHERE.getBytes(StandardCharsets.UTF_8));
            assertThat(header(forwarded, HeaderNames.ORIGIN_TOPIC)).isEqualTo("llm.usage");
        }
    }

    private static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of((Object) ELSEWHERE.getBytes(StandardCharsets.UTF_8)),
                Arguments.of((Object) HERE.getBytes(StandardCharsets.UTF_8)),
                Arguments.of((Object) null));
    }

    @Test
    void shouldSendOnUsageThoughNoPolicyIsHere() {
        // Given
        try (TestPipeline governed = new TestPipeline("topics.partitions=2", "budgets.enabled=true")) {
            // When
            governed.publishUsage(ELSEWHERE, usage(ELSEWHERE, governed.now()));
            governed.publishUsage(HERE, usage(HERE, governed.now()));

            // Then
            assertThat(only(governed.reroutedControlOut()).key()).isEqualTo(ELSEWHERE.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] usage(String tenant, Instant at) {
        return new String(TenCentFlow.usage("e-1", "5", at), StandardCharsets.UTF_8)
                .replace("\"acme\"", "\"" + tenant + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value() {
        return request("a", "").getBytes(StandardCharsets.UTF_8);
    }

    private static String tenantOf(int partition) {
        TenantPartitions partitions = new TenantPartitions(2);
        for (int i = 0; ; i++) {
            if (partitions.applyAsInt("tenant-" + i) == partition) {
                return "tenant-" + i;
            }
        }
    }
}
