package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final Instant NOW = FakeClock.START;

    @Test
    void shouldCountByTargetAndWhatMayHaveBeenBilled() {
        // When
        Attempts attempts = Attempts.NONE
                .failed("a", true, null, NOW)
                .failed("b", false, null, NOW)
                .failed("a", true, null, NOW);

        // Then
        assertThat(attempts.count("a")).isEqualTo(2);
        assertThat(attempts.count("b")).isEqualTo(1);
        assertThat(attempts.count("c")).isZero();
        assertThat(attempts.possiblyBilled()).isEqualTo(2);
        assertThat(attempts.isFresh()).isFalse();
    }

    /** The lesson: read Retry-After from this attempt, not from the first. */
    @Test
    void shouldKeepTheWishOfTheLatestAttemptAtATarget() {
        // Given
        Attempts asked = Attempts.NONE.failed("a", false, Duration.ofSeconds(90), NOW);
        assertThat(asked.notBefore("a", NOW)).isEqualTo(NOW.plusSeconds(90));

        // When
        Attempts askedAgain = asked.failed("a", false, Duration.ofSeconds(2), NOW);
        Attempts unasked = asked.failed("a", false, null, NOW);

        // Then
        assertThat(askedAgain.notBefore("a", NOW)).isEqualTo(NOW.plusSeconds(2));
        assertThat(unasked.notBefore("a", NOW)).isEqualTo(NOW);
    }

    @Test
    void shouldBeginARoundWithoutAttemptsButWithWhatTargetsAskedFor() {
        // Given
        Attempts attempts =
                Attempts.NONE.failed("a", true, Duration.ofSeconds(90), NOW).failed("b", true, null, NOW);

        // When
        Attempts next = attempts.nextRound();

        // Then
        assertThat(next.isFresh()).isTrue();
        assertThat(next.rounds()).isEqualTo(1);
        assertThat(next.possiblyBilled()).isEqualTo(2);
        assertThat(next.notBefore("a", NOW)).isEqualTo(NOW.plusSeconds(90));
        assertThat(next.targets()).hasSize(1);
    }
}
