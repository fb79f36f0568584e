package dev.penstock.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PromisesTest {

    private static final Histories TWO_ENDS =
            Histories.empty().sent(7, "q").result(7, "q").result(7, "q");

    @Test
    void shouldJudgeTheSameHistoryAlike() {
        // Given
        Checker checker = all().checker();

        // When
        var verdict = checker.judge(TWO_ENDS.history());

        // Then
        assertThat(verdict).extracting(Violation::guarantee).containsExactly("OneTerminalPerRequest");
        assertThat(checker.judge(TWO_ENDS.history())).isEqualTo(verdict);
    }

    @Test
    void shouldLeaveOutWhatAScenarioMustBreak() {
        Checker checker = all().without(OneTerminalPerRequest.class, "the planted bug ends twice")
                .checker();

        assertThat(checker.judge(TWO_ENDS.history())).isEmpty();
    }

    @Test
    void shouldRefuseAnExclusionWithoutReason() {
        assertThatThrownBy(() -> all().without(NothingLost.class, " ")).hasMessageContaining("NothingLost");
    }

    private static Promises all() {
        return Promises.all(Histories::answerTo, Duration.ofMillis(500), Duration.ofSeconds(1));
    }
}
