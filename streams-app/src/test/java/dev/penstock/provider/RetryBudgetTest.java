package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private static final Instant NOW = FakeClock.START;
    private static final String ONE = "one";
    private static final String OTHER = "other";

    private final RetryBudget budget = new RetryBudget(10, 3);

    private int taken(Instant now) {
        int taken = 0;
        while (budget.tryRetry(ONE, now)) {
            taken++;
        }
        return taken;
    }

    private void called(int calls, Instant now) {
        for (int i = 0; i < calls; i++) {
            budget.called(ONE, now);
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

    /** A thread that was held up asks with the time at which it last read the clock. */
    @Test
    void shouldGrantNoMoreToThoseWhoAskWithATimeThatHasPassed() {
        // Given
        called(100, NOW);

        // When
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += budget.tryRetry(ONE, NOW.minusSeconds(i % 2 * 25L)) ? 1 : 0;
        }

        // Then
        assertThat(taken).isEqualTo(13);
        assertThat(budget.left(NOW)).isZero();
    }

    @Test
    void shouldGrantAgainAfterAsLongAsTheClockWasSetBack() {
        // Given
        Instant earlier = NOW.minusSeconds(5);
        taken(NOW);

        // When / Then
        assertThat(taken(earlier)).isZero();
        assertThat(taken(earlier.plusSeconds(15))).isEqualTo(3);
    }

    private int takenBy(String tenant, RetryBudget shared, Instant now) {
        int taken = 0;
        while (shared.tryRetry(tenant, now)) {
            taken++;
        }
        return taken;
    }

    /** What one tenant asks may fail however often it is tried. */
    @Test
    void shouldLeaveToOthersAsMuchAsATenantHas() {
        // Given
        RetryBudget shared = new RetryBudget(0, 12);
        shared.called(OTHER, NOW);
        shared.called(ONE, NOW);

        // When
        int first = takenBy(ONE, shared, NOW);

        // Then
        assertThat(first).isEqualTo(6);
        assertThat(takenBy(OTHER, shared, NOW)).isEqualTo(3);
        assertThat(takenBy("third", shared, NOW)).isEqualTo(2);
        assertThat(takenBy(ONE, shared, NOW)).isZero();
        assertThat(shared.left(NOW)).isEqualTo(1);
    }

    @Test
    void shouldGiveAllToATenantWithoutOthers() {
        // Given
        RetryBudget shared = new RetryBudget(0, 12);
        shared.called(OTHER, NOW);
        Instant later = NOW.plusSeconds(10);
        shared.called(ONE, later);

        // When / Then
        assertThat(takenBy(ONE, shared, later)).isEqualTo(12);
    }

    @Test
    void shouldForgetWhatATenantHadTenSecondsAgo() {
        // Given
        RetryBudget shared = new RetryBudget(0, 12);
        shared.called(OTHER, NOW);
        takenBy(ONE, shared, NOW);
        Instant later = NOW.plusSeconds(10);
        shared.called(OTHER, later);

        // When / Then
        assertThat(takenBy(ONE, shared, later)).isEqualTo(6);
    }
}
