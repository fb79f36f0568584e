package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Every hostile record gets its one dead letter, and its neighbours are answered. */
class HostileInputTest {

    private static final String BODY = "\"body\":{\"model\":\"m\",\"messages\":[]}";
    private static final int HUNDRED_MB = 100_000_000;

    private final TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    static Stream<Arguments> poison() {
        return Stream.of(
                poison("no value", null, "intake.empty"),
                poison("empty", "", "intake.empty"),
                poison("not JSON", "hello", "intake.malformed_json"),
                poison("an array", "[]", "intake.malformed_json"),
                poison("a NaN", "{\"custom_id\":\"x\",\"n\":NaN," + BODY + "}", "intake.malformed_json"),
                poison("a byte order mark", "\ufeff{\"custom_id\":\"x\"," + BODY + "}", "intake.malformed_json"),
                poison("bytes after the end", "{\"custom_id\":\"x\"," + BODY + "}{}", "intake.malformed_json"),
                poison(
                        "a duplicate field",
                        "{\"custom_id\":\"x\",\"custom_id\":\"y\"," + BODY + "}",
                        "intake.duplicate_field"),
                poison("half a surrogate pair", "{\"custom_id\":\"\\ud800\"," + BODY + "}", "intake.invalid_utf8"),
                poison("a number of many digits", numberOf(500_000), "intake.number_too_long"),
                poison("a number of a million digits", numberOf(1_000_000), "intake.too_large"),
                poison("depth", "{\"custom_id\":\"x\",\"n\":" + "[".repeat(100_000), "intake.too_deep"),
                poison(
                        "a string over the limit",
                        "{\"custom_id\":\"" + "x".repeat(600_000) + "\"," + BODY + "}",
                        "intake.too_large"),
                poison("no custom_id", "{" + BODY + "}", "intake.missing_field"),
                poison(
                        "another url",
                        "{\"custom_id\":\"x\",\"url\":\"/v1/x\"," + BODY + "}",
                        "intake.unsupported_url"));
    }

    private static String numberOf(int digits) {
        return "{\"custom_id\":\"x\",\"n\":" + "1".repeat(digits) + "," + BODY + "}";
    }

    private static Arguments poison(String name, @Nullable String value, String code) {
        return Arguments.of(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8), code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void shouldDeadLetterPoisonAndAnswerItsNeighbours(String name, byte @Nullable [] value, String code) {
        // When
        pipeline.send("acme", request("before", ""));
        pipeline.send("acme", value);
        pipeline.send("acme", request("after", ""));
        pipeline.commit();

        // Then
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo(code);
        assertThat(header(letter, "llm.dlq.original.offset")).isEqualTo("1");
        assertThat(letter.value()).isEqualTo(value);
        assertNeighboursAnswered();
    }

    @Test
    void shouldDeadLetterBytesThatAreNotUtf8AsTheyAre() {
        // Given
        byte[] value = ("{\"custom_id\":\"?\"," + BODY + "}").getBytes(StandardCharsets.UTF_8);
        value[14] = (byte) 0xff;

        // When
        pipeline.send("acme", value);

        // Then
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("intake.invalid_utf8");
        assertThat(letter.value()).isEqualTo(value);
    }

    @Test
    void shouldCutARecordThatIsTooLargeToCopyAndSayWhatItWas() {
        // Given
        byte[] value = new byte[HUNDRED_MB];
        Arrays.fill(value, (byte) 'x');

        // When
        pipeline.send("acme", request("before", ""));
        pipeline.send("acme", value);
        pipeline.send("acme", request("after", ""));
        pipeline.commit();

        // Then
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(letter.value()).isEqualTo(Arrays.copyOf(value, 4096));
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("intake.too_large");
        assertThat(header(letter, "llm.dlq.original.bytes")).isEqualTo("100000000");
        assertThat(header(letter, "llm.dlq.original.sha256")).matches("[0-9a-f]{64}");
        assertNeighboursAnswered();
    }

    @Test
    void shouldOutliveAnAbsurdReplayCount() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.REDRIVE_COUNT, "9999999999999999999".getBytes(StandardCharsets.UTF_8));

        // When
        pipeline.send(new TestRecord<>(null, new byte[] {'x'}, headers, TestPipeline.START));

        // Then
        assertThat(header(only(pipeline.deadLetters()), "llm.dlq.redrive.count"))
                .isEqualTo("0");
    }

    @Test
    void shouldRefuseARecordThatIsNothingButHeaders() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("x", new byte[20_000]);

        // When
        pipeline.send(
                new TestRecord<>(null, request("a", "").getBytes(StandardCharsets.UTF_8), headers, TestPipeline.START));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("intake.headers_too_large");
    }

    @Test
    void shouldPassOverWhatIsNoOutcome() {
        // Given
        pipeline.send("acme", request("a", ""));
        pipeline.commit();

        // When
        pipeline.deliver((byte[]) null);
        pipeline.deliver(new byte[0]);
        pipeline.deliver("{}".getBytes(StandardCharsets.UTF_8));

        // Then
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));
        assertThat(pipeline.results()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\r\\nllm.dlq.code: x", "\\u001b[31mred", "\\u0000", "\\u2028", "\\u202e"})
    void shouldEchoAnIdExactlyAndPutItInNoHeader(String escaped) throws Exception {
        // Given
        pipeline.send("acme", request(escaped, ",\"idempotency_key\":\"" + escaped + "\""));
        pipeline.send("acme", request(escaped + "2", ",\"idempotency_key\":\"" + escaped + "\",\"task\":\"simple\""));
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));

        // Then
        Result result = new WireCodec().readResult(only(pipeline.results()).value());
        assertThat(result.customId())
                .isEqualTo(JsonMapper.shared().readTree("\"" + escaped + "\"").asString());
        TestRecord<byte[], byte[]> conflict = only(pipeline.deadLetters());
        conflict.headers()
                .forEach(header -> assertThat(new String(header.value(), StandardCharsets.UTF_8))
                        .matches("[\\x20-\\x7e]{0,256}"));
    }

    @Test
    void shouldCarryNoControlCharacterFromAKeyOrATraceIntoAHeader() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.TRACEPARENT, "00-\r\nx: y".getBytes(StandardCharsets.UTF_8));
        byte[] key = "\r\n\u001b[31m".getBytes(StandardCharsets.UTF_8);

        // When
        pipeline.send(
                new TestRecord<>(key, request("a", "").getBytes(StandardCharsets.UTF_8), headers, TestPipeline.START));

        // Then
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("intake.invalid_tenant");
        assertThat(letter.key()).isEqualTo("default".getBytes(StandardCharsets.UTF_8));
        assertThat(header(letter, HeaderNames.TRACEPARENT)).isNull();
        letter.headers()
                .forEach(header -> assertThat(new String(header.value(), StandardCharsets.UTF_8))
                        .matches("[\\x20-\\x7e]{0,256}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2015-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "9999-12-31T23:59:59Z"})
    void shouldDecideNothingByTheRecordsOwnTime(String time) {
        // Given
        pipeline.send("acme", request("before", ""));
        Instant own = Instant.parse(time);
        byte[] value = request("a", ",\"timeout_ms\":1000").getBytes(StandardCharsets.UTF_8);

        // When
        pipeline.send(new TestRecord<>(null, value, new RecordHeaders(), own));
        pipeline.commit();
        pipeline.advance(Duration.ofMillis(999));

        // Then
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.ticket().deadline())
                .contains(TestPipeline.START.plusSeconds(1));
    }

    @Test
    void shouldKeepAStrangeTimeForTheDeadLetter() {
        // When
        pipeline.send(new TestRecord<>(null, new byte[] {'x'}, new RecordHeaders(), Instant.EPOCH));

        // Then
        TestRecord<byte[], byte[]> letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.original.timestamp")).isEqualTo("0");
        assertThat(letter.getRecordTime()).isEqualTo(TestPipeline.START);
    }

    private void assertNeighboursAnswered() {
        List<String> asked = pipeline.takeLaunched().stream()
                .map(launch -> {
                    pipeline.deliver(answered(launch, "hi"));
                    return launch.ticket().customId();
                })
                .toList();
        assertThat(asked).containsExactly("before", "after");
        assertThat(pipeline.results()).hasSize(2);
    }
}
