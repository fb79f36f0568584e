package dev.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.topics.BrokerAwayException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrokerWaitTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;
    private boolean cancelled;
    private int asked;

    private final BrokerWait wait =
            new BrokerWait(Duration.ofMinutes(5), () -> cancelled, () -> now, time -> now = now.plus(time));

    @Test
    void shouldAskAgainUntilABrokerAnswers() throws Exception {
        // When
        String answer = wait.answerTo(() -> asked == 2 ? "there" : away());

        // Then
        assertThat(answer).isEqualTo("there");
    }

    @Test
    void shouldGiveUpWithOneLineWhenThePatienceIsOver() {
        assertThatThrownBy(() -> wait.answerTo(this::away))
                .isInstanceOf(StartupException.class)
                .hasMessage("no answer");
        assertThat(Duration.between(START, now)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(asked).isGreaterThan(2);
    }

    @Test
    void shouldEndAtOnceWhenTheStartIsCancelled() {
        // Given
        cancelled = true;

        // When / Then
        assertThatThrownBy(() -> wait.answerTo(this::away)).isInstanceOf(StartupException.class);
        assertThat(asked).isEqualTo(1);
        assertThat(now).isBefore(START.plusSeconds(60));
    }

    @Test
    void shouldNotAskAgainWhenTheStartIsRefused() {
        assertThatThrownBy(() -> wait.answerTo(() -> {
                    asked++;
                    throw new StartupException("not let in");
                }))
                .hasMessage("not let in");
        assertThat(asked).isEqualTo(1);
    }

    private String away() throws BrokerAwayException {
        asked++;
        now = now.plusSeconds(10);
        throw new BrokerAwayException("no answer");
    }
}
