package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final Instant NOW = FakeClock.START;

    private final TokenBucket bucket = new TokenBucket(60);

    @Test
    void shouldFillOnceForATimeThatIsSeenTwice() {
        // Given
        bucket.take(10, NOW);
        bucket.openAt(NOW.minusSeconds(5));

        // When
        Instant again = bucket.openAt(NOW);

        // Then
        assertThat(again).isEqualTo(NOW.plusSeconds(1));
        assertThat(bucket.openAt(NOW.minusSeconds(5))).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void shouldNeverHoldMoreThanItsShareOfAMinute() {
        // When
        bucket.giveBack(Long.MAX_VALUE, NOW);
        bucket.take(Long.MIN_VALUE, NOW);
        bucket.correct(Long.MAX_VALUE, Long.MIN_VALUE, NOW);
        bucket.take(10, NOW);

        // Then
        assertThat(bucket.openAt(NOW)).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void shouldOweNoMoreThanAMinuteForWhateverIsTaken() {
        // When
        bucket.take(Long.MAX_VALUE, NOW);

        // Then
        assertThat(bucket.openAt(NOW)).isEqualTo(NOW.plus(Duration.ofSeconds(51)));
        bucket.correct(Long.MAX_VALUE, 3, NOW);
        assertThat(bucket.openAt(NOW)).isEqualTo(NOW);
    }
}
