package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.AttemptReport;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final AttemptReport ONE = new AttemptReport("one", "timeout", 5);
    private static final AttemptReport TWO = new AttemptReport("two", "cut", 7);

    @Test
    void shouldCountAttemptsByTargetInTheRound() {
        // When
        Progress progress = Progress.NONE.with(List.of(ONE, TWO)).with(List.of(ONE));

        // Then
        assertThat(progress.inRound("one")).isEqualTo(2);
        assertThat(progress.inRound("two")).isEqualTo(1);
        assertThat(progress.made()).isEqualTo(3);
    }

    @Test
    void shouldCountAnewInTheNextRoundAndForgetNoAttempt() {
        // When
        Progress progress = Progress.NONE.with(List.of(ONE, ONE)).nextRound().with(List.of(TWO));

        // Then
        assertThat(progress.inRound("one")).isZero();
        assertThat(progress.inRound("two")).isEqualTo(1);
        assertThat(progress.rounds()).isEqualTo(1);
        assertThat(progress.attempts()).containsExactly(ONE, ONE, TWO);
    }

    @Test
    void shouldNotHoldALostAttemptAgainstItsTarget() {
        // When
        Progress progress = Progress.NONE.with(List.of(new AttemptReport("one", Progress.LOST, 0)));

        // Then
        assertThat(progress.inRound("one")).isZero();
        assertThat(progress.made()).isEqualTo(1);
    }

    @Test
    void shouldKeepABoundedNumberOfAttemptsAndStillCountAll() {
        // When
        Progress progress = Progress.NONE
                .with(Collections.nCopies(100, TWO))
                .nextRound()
                .with(List.of(ONE, ONE));

        // Then
        assertThat(progress.attempts()).hasSize(Progress.KEPT).endsWith(ONE, ONE);
        assertThat(progress.made()).isEqualTo(102);
        assertThat(progress.inRound("one")).isEqualTo(2);
        assertThat(progress.inRound("two")).isZero();
    }
}
