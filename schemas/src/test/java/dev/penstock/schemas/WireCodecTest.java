package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

class WireCodecTest {

    private static final long SEED = Long.getLong("seed", 7L);
    private static final WireCodec CODEC = new WireCodec();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    interface Read {
        Object read(byte[] bytes) throws MalformedRecordException;
    }

    static Stream<Arguments> records() {
        return Stream.of(
                kind("outcome", Generated::outcome, CODEC::write, CODEC::readOutcome),
                kind("result", Generated::result, CODEC::write, CODEC::readResult),
                kind("usage", Generated::usageEvent, CODEC::write, CODEC::readUsageEvent),
                kind("budget", Generated::budgetStatus, CODEC::write, CODEC::readBudgetStatus),
                kind("alert", Generated::alert, CODEC::write, CODEC::readAlert),
                kind("redrive", Generated::redriveMarker, CODEC::write, CODEC::readRedriveMarker),
                kind("tenant-policy", Generated::tenantPolicy, CODEC::write, CODEC::readTenantPolicy));
    }

    private static <T> Arguments kind(
            String schema, Function<Generated, T> generate, Function<T, byte[]> write, Read read) {
        return arguments(schema, generate, write, read);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void shouldReadBackWhateverCanBeMade(
            String schema, Function<Generated, Object> generate, Function<Object, byte[]> write, Read read)
            throws MalformedRecordException {
        for (int round = 0; round < 1_000; round++) {
            // Given
            Object record = generate.apply(new Generated(SEED + round));

            // When
            byte[] bytes = write.apply(record);

            // Then
            assertThat(read.read(bytes)).as("seed %d", SEED + round).isEqualTo(record);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void shouldWriteWhatTheSchemaAllows(
            String schema, Function<Generated, Object> generate, Function<Object, byte[]> write, Read read) {
        for (int round = 0; round < 300; round++) {
            // Given
            Object record = generate.apply(new Generated(SEED + round));

            // When
            JsonNode written = SchemaFiles.MAPPER.readTree(write.apply(record));

            // Then
            assertThat(SchemaFiles.errors(schema, written))
                    .as("seed %d: %s", SEED + round, written)
                    .isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void shouldRefuseDamagedBytesWithoutQuotingThem(
            String schema, Function<Generated, Object> generate, Function<Object, byte[]> write, Read read) {
        // Given
        byte[] bytes =
                "{\"tenant\":\"canary canary\",\"request_id\":{\"canary\":1},\"window\":7,\"canary\":".getBytes(UTF_8);
        byte[] wrongFields =
                "{\"tenant\":\"canary canary\",\"request_id\":{\"canary\":1},\"weight\":\"canary\"}".getBytes(UTF_8);

        // When / Then
        assertThatThrownBy(() -> read.read(bytes))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> read.read(wrongFields))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageNotContaining("canary");
    }

    @Test
    void shouldCarryAnAnswerOfAMegabyteAndAHalf() throws MalformedRecordException {
        // Given
        Outcome outcome = answered(NODES.objectNode().put("content", "ß\n\"".repeat(300_000)));

        // When
        byte[] bytes = CODEC.write(outcome);

        // Then
        assertThat(bytes.length).isGreaterThan(1_500_000);
        assertThat(CODEC.readOutcome(bytes)).isEqualTo(outcome);
    }

    @Test
    void shouldCarryAnAnswerAsDeepAsReadersAllow() throws MalformedRecordException {
        // Given
        ArrayNode body = NODES.arrayNode();
        for (int depth = 0; depth < 500; depth++) {
            body = NODES.arrayNode().add(body);
        }
        Outcome outcome = answered(body);

        // When
        byte[] bytes = CODEC.write(outcome);

        // Then
        assertThat(CODEC.write(CODEC.readOutcome(bytes))).isEqualTo(bytes);
    }

    @Test
    void shouldReplaceHalfAPairInsteadOfLosingAPaidAnswer() throws MalformedRecordException {
        // Given
        Outcome outcome = answered(NODES.objectNode().put("content", "grüß \ud83d"));

        // When
        Outcome read = CODEC.readOutcome(CODEC.write(outcome));

        // Then
        assertThat(read).isEqualTo(answered(NODES.objectNode().put("content", "grüß \ufffd")));
    }

    @Test
    void shouldBoundWhatAProviderSays() {
        // Given
        Duration century = Duration.ofDays(36_500);

        // When
        Outcome.Failure failure = new Outcome.Failure(
                FailureClass.THROTTLED,
                DeadLetterCode.PROVIDER_THROTTLED,
                429,
                false,
                century,
                "a\r\n\u001b[31m" + "ü".repeat(500));
        Outcome.Answer answer = new Outcome.Answer(200, "i".repeat(10_000), NODES.nullNode());

        // Then
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofDays(365));
        assertThat(failure.detail()).startsWith("a\\u000d\\u000a\\u001b[31mü");
        assertThat(failure.detail().getBytes(UTF_8).length).isLessThanOrEqualTo(Detail.MAX_BYTES);
        assertThat(answer.providerRequestId()).hasSize(Detail.MAX_BYTES);
    }

    private static Outcome answered(JsonNode body) {
        Instant now = Instant.parse("2026-11-23T10:00:00Z");
        return new Outcome(
                "llm.requests-0-1",
                1,
                "acme",
                "pod-1/run-1",
                Outcome.Kind.ANSWERED,
                new Outcome.Answer(200, null, body),
                null,
                null,
                "openai",
                "m",
                null,
                null,
                List.of(),
                now,
                now,
                null);
    }
}
