package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private static final Instant NOW = FakeClock.START;

    private final RetryBudget budget = new RetryBudget(10, 3);

    private int taken(Instant now) {
        int taken = 0;
        while (budget.tryRetry(now)) {
            taken++;
        }
        return taken;
    }

    private void called(int calls, Instant now) {
        for (int i = 0; i < calls; i++) {
            budget.called(now);
        }
    }

    @Test
    void shouldGrantTheFloorWithoutAnyCall() {
        assertThat(budget.left(NOW)).isEqualTo(3);
        assertThat(taken(NOW)).isEqualTo(3);
        assertThat(budget.left(NOW)).isZero();
    }

    @Test
    void shouldGrantAShareOfTheCallsOnTopOfTheFloor() {
        // When
        called(200, NOW);

        // Then
        assertThat(taken(NOW)).isEqualTo(23);
    }

    @Test
    void shouldForgetWhatIsTenSecondsOld() {
        // Given
        called(200, NOW);
        taken(NOW);

        // When / Then
        assertThat(taken(NOW.plusSeconds(9))).isZero();
        assertThat(taken(NOW.plusSeconds(10))).isEqualTo(3);
        assertThat(taken(NOW.plusSeconds(20))).isEqualTo(3);
    }

    @Test
    void shouldSlideSecondBySecond() {
        // Given
        for (int second = 0; second < 10; second++) {
            called(10, NOW.plusSeconds(second));
        }

        // When / Then
        assertThat(budget.left(NOW.plusSeconds(9))).isEqualTo(13);
        assertThat(budget.left(NOW.plusSeconds(10))).isEqualTo(12);
        assertThat(budget.left(NOW.plusSeconds(14))).isEqualTo(8);
        assertThat(budget.left(NOW.plus(Duration.ofDays(365)))).isEqualTo(3);
    }

    @Test
    void shouldTakeAThreadThatReadTheClockEarlierAsOneOfNow() {
        // Given
        called(100, NOW.plusSeconds(1));

        // When
        called(100, NOW);

        // Then
        assertThat(budget.left(NOW.plusSeconds(1))).isEqualTo(23);
        assertThat(budget.left(NOW.plusSeconds(11))).isEqualTo(3);
    }

    @Test
    void shouldStartAnewWhenTheClockIsSetBack() {
        // Given
        taken(NOW);

        // When / Then
        Instant earlier = NOW.minus(Duration.ofHours(1));
        assertThat(taken(earlier)).isEqualTo(3);
        assertThat(taken(earlier.plusSeconds(10))).isEqualTo(3);
    }
}
