package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class StateCodecTest {

    private static final Instant EXACT = Instant.parse("2026-01-01T00:00:00.123456789Z");

    private record Older(String name) {}

    private record Newer(String name, boolean added, int count) {}

    @Test
    void shouldReadAnEntryOfAVersionThatHadFewerFields() {
        // When
        Newer read = StateCodec.read(StateCodec.write(new Older("a")), Newer.class);

        // Then
        assertThat(read).isEqualTo(new Newer("a", false, 0));
    }

    @Test
    void shouldKeepEveryFieldOfAnAnswer() {
        // Given
        Verdict answer = answer("p-1", json("{\"a\":[1,2.50,null,true,\"x\"]}"), "gold", new TokenUsage(1, 2, 3, 4));

        // When
        Verdict read = StateCodec.read(StateCodec.write(answer), Verdict.class);

        // Then
        assertThat(read).isEqualTo(answer);
    }

    @Test
    void shouldKeepWhatAnAnswerDoesNotHave() {
        // Given
        Verdict answer = answer(null, json("null"), null, null);

        // When
        Verdict read = StateCodec.read(StateCodec.write(answer), Verdict.class);

        // Then
        assertThat(read).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void shouldTellTheSizeOfAnEntryThoughItIsCompressed(int length) {
        // Given
        Verdict answer = answer("p-1", json("\"" + "x".repeat(length) + "\""), null, null);

        // When
        byte[] stored = StateCodec.write(answer);

        // Then
        assertThat(stored.length).isLessThan(2_000);
        assertThat(StateCodec.plainBytes(stored)).isBetween((long) length, length + 1_000L);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAFailureOfEveryCode(DeadLetterCode code) {
        // Given
        Verdict failure = Verdict.Failure.of(code, 3, "why");

        // When
        Verdict read = StateCodec.read(StateCodec.write(failure), Verdict.class);

        // Then
        assertThat(read).isEqualTo(failure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0.0",
                "1.0",
                "1.10",
                "1e2",
                "1E+2",
                "0.1",
                "123456789012345678901234567890",
                "0.1234567890123456789012345678901234567890",
                "1e-30",
                "9e999999999",
                "1e-999999999",
                "2147483648",
                "-9223372036854775808",
                "-9223372036854775809",
                "1e400"
            })
    void shouldKeepNumbersAsTheyWereWritten(String number) {
        // Given
        JsonNode before = json("{\"n\":" + number + "}");

        // When
        JsonNode after = body(StateCodec.read(StateCodec.write(answer(null, before, null, null)), Verdict.class));

        // Then
        assertThat(after.toString()).isEqualTo(before.toString());
    }

    @Test
    void shouldReadBackTheLongestNameThatARequestMayHave() {
        // Given
        JsonNode body = json("{\"" + "n".repeat(CodecLimits.DEFAULT.maxStringLength() - 20) + "\":1}");

        // When
        JsonNode after = body(StateCodec.read(StateCodec.write(answer(null, body, null, null)), Verdict.class));

        // Then
        assertThat(after).isEqualTo(body);
    }

    @Test
    void shouldReadBackTheDeepestBodyThatAnyCodecAllows() {
        // Given
        int depth = CodecLimits.HIGHEST_DEPTH;
        JsonNode body = json("[".repeat(depth) + "]".repeat(depth));

        // When
        JsonNode after = body(StateCodec.read(StateCodec.write(answer(null, body, null, null)), Verdict.class));

        // Then
        assertThat(after.equals(body)).isTrue();
    }

    @Test
    void shouldReadBackTheLongestNumberThatAnyCodecAllows() {
        // Given
        JsonNode body = json("[" + "7".repeat(2_000) + ",0." + "7".repeat(1_990) + "]");

        // When
        JsonNode after = body(StateCodec.read(StateCodec.write(answer(null, body, null, null)), Verdict.class));

        // Then
        assertThat(after.toString()).isEqualTo(body.toString());
    }

    @Test
    void shouldKeepATicketWithAndWithoutItsOptionalFields() {
        // Given
        Ticket full = ticket(new Origin(new RequestId("llm.requests", 3, 4), -1, 2, "trace"), metadata());
        Ticket bare = ticket(new Origin(new RequestId("r", 0, Long.MAX_VALUE), Long.MIN_VALUE, 0, null), null);

        // When
        Ticket fullRead = StateCodec.read(StateCodec.write(full), Ticket.class);
        Ticket bareRead = StateCodec.read(StateCodec.write(bare), Ticket.class);

        // Then
        assertThat(fullRead).isEqualTo(full);
        assertThat(bareRead).isEqualTo(bare);
    }

    @Test
    void shouldStoreRepetitiveEntriesSmallAndRandomOnesAlmostAsTheyAre() {
        // Given
        byte[] random = new byte[100_000];
        new Random(7).nextBytes(random);

        // When
        byte[] small = StateCodec.write(new Bytes(new byte[100_000]));
        byte[] large = StateCodec.write(new Bytes(random));

        // Then
        assertThat(small).hasSizeLessThan(200);
        assertThat(large).hasSizeBetween(100_000, 100_100);
        assertThat(StateCodec.read(small, Bytes.class).bytes()).isEqualTo(new byte[100_000]);
        assertThat(StateCodec.read(large, Bytes.class).bytes()).isEqualTo(random);
    }

    @Test
    void shouldPassOverFieldsOfALaterVersion() {
        // Given
        byte[] later = StateCodec.write(new Later(7, "new"));

        // When
        Earlier read = StateCodec.read(later, Earlier.class);

        // Then
        assertThat(read).isEqualTo(new Earlier(7));
    }

    @Test
    void shouldNotGoOnWithACorruptEntryNorQuoteIt() {
        // Given
        byte[] corrupt = "\0my secret prompt".getBytes(StandardCharsets.UTF_8);

        // When / Then
        assertThatThrownBy(() -> StateCodec.read(corrupt, Ticket.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("17 bytes")
                .hasMessageContaining("Ticket")
                .hasMessageNotContaining("secret");
    }

    private record Bytes(byte[] bytes) {}

    private record Earlier(int count) {}

    private record Later(int count, String more) {}

    private static Verdict.Answer answer(
            @Nullable String requestId, JsonNode body, @Nullable String tier, @Nullable TokenUsage usage) {
        return new Verdict.Answer(
                200,
                requestId,
                body,
                "fake",
                "m-1",
                tier,
                List.of(new AttemptReport("fake", "answered", 12)),
                usage,
                new BigDecimal("0.000000000000000000000000000001"),
                new BigDecimal("0.10"),
                EXACT,
                EXACT.plusNanos(1),
                null,
                null,
                null);
    }

    private static JsonNode body(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Answer.class);
        return ((Verdict.Answer) verdict).body();
    }

    private static Ticket ticket(Origin origin, @Nullable ObjectNode metadata) {
        return new Ticket(
                origin, "acme", "c-1", metadata, Priority.BULK, InDoubtPolicy.FAIL, EXACT, EXACT.plusSeconds(1));
    }

    private static ObjectNode metadata() {
        return (ObjectNode) json("{\"cost\":1.10,\"n\":{\"deep\":[1]}}");
    }

    private static JsonNode json(String text) {
        CodecLimits wide = new CodecLimits(8 << 20, CodecLimits.HIGHEST_DEPTH, 8 << 20, 2_000, 8 << 20);
        BoundedJson.Read read = new BoundedJson(wide).read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(read).isInstanceOf(BoundedJson.Read.Tree.class);
        return ((BoundedJson.Read.Tree) read).node();
    }
}
