package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final AttemptReport ONE = new AttemptReport("one", "throttled", 5);
    private static final AttemptReport TWO = new AttemptReport("two", "timeout", 7);

    @Test
    void shouldCountAttemptsByTargetAndWhatMayHaveBeenBilled() {
        // When
        Progress progress = Progress.NONE.with(failed(true, null, ONE, TWO)).with(failed(false, null, ONE));

        // Then
        assertThat(progress.attempts().count("one")).isEqualTo(2);
        assertThat(progress.attempts().count("two")).isEqualTo(1);
        assertThat(progress.attempts().possiblyBilled()).isEqualTo(1);
        assertThat(progress.made()).isEqualTo(3);
        assertThat(progress.reports()).containsExactly(ONE, TWO, ONE);
        assertThat(progress.lastFailure()).isEqualTo(DeadLetterCode.PROVIDER_TIMEOUT);
    }

    @Test
    void shouldCountAnewInTheNextRoundAndForgetNoAttempt() {
        // When
        Progress progress =
                Progress.NONE.with(failed(true, null, ONE, ONE)).nextRound().with(failed(false, null, TWO));

        // Then
        assertThat(progress.attempts().count("one")).isZero();
        assertThat(progress.attempts().count("two")).isEqualTo(1);
        assertThat(progress.attempts().rounds()).isEqualTo(1);
        assertThat(progress.attempts().possiblyBilled()).isEqualTo(1);
        assertThat(progress.reports()).containsExactly(ONE, ONE, TWO);
    }

    @Test
    void shouldNotHoldALostAttemptAgainstItsTarget() {
        // When
        Progress progress = Progress.NONE.withLost("one");

        // Then
        assertThat(progress.attempts().count("one")).isZero();
        assertThat(progress.attempts().possiblyBilled()).isEqualTo(1);
        assertThat(progress.made()).isEqualTo(1);
        assertThat(progress.reports()).containsExactly(new AttemptReport("one", "lost", 0));
    }

    @Test
    void shouldKeepABoundedNumberOfReportsAndStillCountAll() {
        // When
        Progress progress = Progress.NONE
                .with(failed(false, null, Collections.nCopies(100, TWO).toArray(AttemptReport[]::new)))
                .with(failed(false, null, ONE, ONE));

        // Then
        assertThat(progress.reports()).hasSize(Progress.KEPT).endsWith(ONE, ONE);
        assertThat(progress.made()).isEqualTo(102);
    }

    private static Outcome failed(boolean billed, @Nullable Duration retryAfter, AttemptReport... attempts) {
        return new Outcome(
                Calls.id(1).toString(),
                1,
                "acme",
                "owner",
                Outcome.Kind.FAILED,
                null,
                new Outcome.Failure(
                        FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, null, billed, retryAfter, "timeout"),
                null,
                "one",
                "m-1",
                null,
                null,
                List.of(attempts),
                Calls.NOW,
                Calls.NOW,
                null);
    }
}
