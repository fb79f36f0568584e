package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CooldownTest {

    private static final Instant NOW = FakeClock.START;

    private final Cooldown cooldown = new Cooldown();

    @Test
    void shouldEndWhenItWasToWhoeverAsks() {
        // Given
        cooldown.extend(NOW.plusSeconds(20), NOW);

        // When
        boolean before = cooldown.isOver(NOW.minusSeconds(25));

        // Then
        assertThat(before).isFalse();
        assertThat(cooldown.until()).isEqualTo(NOW.plusSeconds(20));
        assertThat(cooldown.isOver(NOW.plusSeconds(19))).isFalse();
        assertThat(cooldown.isOver(NOW.plusSeconds(20))).isTrue();
    }

    @Test
    void shouldKeepTheLaterOfTwoEnds() {
        // When
        Duration first = cooldown.extend(NOW.plusSeconds(20), NOW);
        Duration sooner = cooldown.extend(NOW.plusSeconds(15), NOW.minusSeconds(5));
        Duration later = cooldown.extend(NOW.plusSeconds(22), NOW.plusSeconds(2));

        // Then
        assertThat(first).isEqualTo(Duration.ofSeconds(20));
        assertThat(sooner).isZero();
        assertThat(later).isEqualTo(Duration.ofSeconds(2));
    }
}
