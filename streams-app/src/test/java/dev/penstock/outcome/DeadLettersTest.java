package dev.penstock.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.schemas.Source;
import dev.penstock.work.Emission;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Origin ORIGIN = new Origin(new RequestId("llm.requests", 3, 4), -1, 2, null);

    private final DeadLetters deadLetters = new DeadLetters("1.2.3");

    @Test
    void shouldSayWhyAndWhereOfARefusal() {
        // When
        DeadLetterHeaders headers = deadLetters
                .of(new Emission.Refusal(ORIGIN, "acme", null, DeadLetterCode.INTAKE_MISROUTED, "why", NOW))
                .headers();

        // Then
        assertThat(headers)
                .isEqualTo(new DeadLetterHeaders(
                        DeadLetterCode.INTAKE_MISROUTED,
                        true,
                        0,
                        "why",
                        "llm.requests",
                        3,
                        4,
                        -1,
                        NOW,
                        2,
                        "1.2.3",
                        null,
                        null,
                        null));
    }

    @Test
    void shouldNameTheLeaderOfADuplicate() {
        // Given
        Verdict.Failure failure = new Verdict.Failure(DeadLetterCode.PROVIDER_TIMEOUT, false, 5, "why");

        // When
        DeadLetterHeaders headers = deadLetters
                .of(terminal(failure, new RequestId("llm.requests", 0, 1)), failure, NOW)
                .headers();

        // Then
        assertThat(headers.duplicateOf()).isEqualTo("llm.requests-0-1");
        assertThat(headers.attempts()).isEqualTo(5);
        assertThat(headers.retryable()).isFalse();
    }

    @Test
    void shouldBoundAndEscapeWhatItSays() {
        // When
        DeadLetterHeaders headers = deadLetters
                .of(new Emission.Refusal(
                        ORIGIN, "acme", null, DeadLetterCode.INTAKE_EMPTY, "a\r\n\u001b[31m" + "x".repeat(500), NOW))
                .headers();

        // Then
        assertThat(headers.detail()).matches("[\\x20-\\x7e]{1,256}").startsWith("a\\u000d\\u000a\\u001b[31mx");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4_096, 4_097, 100_000})
    void shouldCutToFourKibibytesWithTheChecksumAndSizeOfTheWhole(int size) throws Exception {
        // Given
        byte[] original = "x".repeat(size).getBytes(StandardCharsets.UTF_8);
        DeadLetters.Draft draft = deadLetters.of(
                new Emission.Refusal(ORIGIN, "acme", original, DeadLetterCode.INTAKE_TOO_LARGE, "why", NOW));

        // When
        DeadLetters.Draft cut = draft.cut(original);

        // Then
        assertThat(draft.headers().originalBytes()).isNull();
        assertThat(cut.firstBytes(original)).hasSize(Math.min(size, 4_096));
        assertThat(cut.headers().originalBytes()).isEqualTo(size);
        assertThat(cut.headers().originalSha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(original)));
        assertThat(cut.headers().detail()).isEqualTo("why");
    }

    @Test
    void shouldMeasureEverythingThatIsSent() {
        // Given
        SizeGuard guard = new SizeGuard(1_024 + 10 + 20 + 12 + 3 + 5);
        Record<byte[], byte[]> fits = new Record<>(new byte[10], new byte[20], 0);
        fits.headers().add("abc", new byte[5]);
        Record<byte[], byte[]> key = new Record<>(new byte[11], new byte[20], 0);
        key.headers().add("abc", new byte[5]);
        Record<byte[], byte[]> value = new Record<>(new byte[10], new byte[21], 0);
        value.headers().add("abc", new byte[5]);
        Record<byte[], byte[]> header = new Record<>(new byte[10], new byte[20], 0);
        header.headers().add("abc", new byte[6]);
        Record<byte[], byte[]> name = new Record<>(new byte[10], new byte[20], 0);
        name.headers().add("ab\u00e9", new byte[5]);

        // When / Then
        assertThat(guard.fits(fits)).isTrue();
        assertThat(guard.fits(key)).isFalse();
        assertThat(guard.fits(value)).isFalse();
        assertThat(guard.fits(header)).isFalse();
        assertThat(guard.fits(name)).isFalse();
    }

    @Test
    void shouldMeasureARecordWithoutKeyOrValue() {
        assertThat(new SizeGuard(1_024).fits(new Record<>(null, null, 0))).isTrue();
        assertThat(new SizeGuard(1_023).fits(new Record<>(null, null, 0))).isFalse();
    }

    private static Emission.Terminal terminal(Verdict verdict, RequestId duplicateOf) {
        Ticket ticket = new Ticket(ORIGIN, "acme", "c", null, Priority.NORMAL, InDoubtPolicy.RETRY, NOW, NOW);
        return new Emission.Terminal(ticket, new byte[0], verdict, Source.DUPLICATE, duplicateOf);
    }
}
