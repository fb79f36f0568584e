package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RampUpTest {

    private static final Instant NOW = FakeClock.START;
    private static final Duration LENGTH = Duration.ofSeconds(30);

    private final RampUp ramp = new RampUp(3, 100, LENGTH);

    @Test
    void shouldGoOnFromItsBeginningWhoeverAsks() {
        // Given
        ramp.begin(NOW);

        // When
        int before = ramp.limit(NOW.minus(LENGTH));

        // Then
        assertThat(before).isEqualTo(3);
        assertThat(ramp.limit(NOW.plusMillis(1))).isEqualTo(3);
        assertThat(ramp.limit(NOW.plus(LENGTH.dividedBy(2)))).isEqualTo(51);
        assertThat(ramp.isRunning(NOW.plus(LENGTH))).isFalse();
    }
}
