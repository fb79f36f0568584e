package dev.penstock.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.StateCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdempotencyPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final IdempotencyKey SAME = new IdempotencyKey("hash", "same");
    private static final IdempotencyKey OTHER = new IdempotencyKey("hash", "other");

    private final IdempotencyPolicy policy = new IdempotencyPolicy(Duration.ofHours(24));

    static Stream<Arguments> decisions() {
        KeyEntry inFlight = new KeyEntry("l", "same", "l", false, false, null);
        KeyEntry standing = inFlight.finalUntil(NOW.plusMillis(1));
        KeyEntry expired = inFlight.finalUntil(NOW);
        IdempotencyDecision first = new IdempotencyDecision.First();
        IdempotencyDecision conflict = new IdempotencyDecision.Conflict("l");
        return Stream.of(
                Arguments.of(null, SAME, first),
                Arguments.of(inFlight, SAME, new IdempotencyDecision.InFlight("l")),
                Arguments.of(inFlight, OTHER, conflict),
                Arguments.of(standing, SAME, new IdempotencyDecision.Duplicate("l")),
                Arguments.of(standing, OTHER, conflict),
                Arguments.of(expired, SAME, first),
                Arguments.of(expired, OTHER, first));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void shouldDecideWhatARequestIsToThoseBeforeIt(
            @Nullable KeyEntry entry, IdempotencyKey key, IdempotencyDecision expected) {
        assertThat(policy.decide(entry, key, NOW)).isEqualTo(expected);
    }

    @Test
    void shouldCountRetentionFromTheTerminal() {
        assertThat(policy.expiryOf(NOW)).isEqualTo(NOW.plus(Duration.ofHours(24)));
    }

    @Test
    void shouldKeepEveryFieldOfAnEntry() {
        // Given
        KeyEntry inFlight = KeyEntry.ledBy("llm.requests-0-1", "fingerprint");
        KeyEntry ended = inFlight.withFollowers().withLost().finalUntil(NOW.plusNanos(1_000_001));
        KeyEntry doubtful = inFlight.withLost().inDoubtUntil(NOW);

        // When
        KeyEntry inFlightRead = StateCodec.read(StateCodec.write(inFlight), KeyEntry.class);
        KeyEntry endedRead = StateCodec.read(StateCodec.write(ended), KeyEntry.class);
        KeyEntry doubtfulRead = StateCodec.read(StateCodec.write(doubtful), KeyEntry.class);

        // Then
        assertThat(inFlightRead).isEqualTo(inFlight);
        assertThat(endedRead).isEqualTo(ended);
        assertThat(doubtfulRead).isEqualTo(doubtful);
        assertThat(endedRead.group()).isEqualTo("llm.requests-0-1");
    }
}
