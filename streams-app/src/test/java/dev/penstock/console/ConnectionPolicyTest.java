package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionPolicyTest {

    private static final long SECOND = 1_000_000_000L;

    private final ConnectionPolicy<String> policy =
            new ConnectionPolicy<>(3, Duration.ofSeconds(10), Duration.ofSeconds(30), 1_000);

    @Test
    void shouldEndTheOneThatWaitsLongestWhenAnotherComes() {
        // Given
        policy.opened("first", 0);
        policy.opened("second", SECOND);
        policy.opened("third", 2 * SECOND);
        policy.asked("first", 3 * SECOND);

        // When / Then
        assertThat(policy.opened("fourth", 4 * SECOND)).hasValue("second");
        assertThat(policy.opened("fifth", 5 * SECOND)).hasValue("third");
    }

    @Test
    void shouldCountAKeptConnectionFromTheEndOfItsAnswer() {
        // Given
        policy.opened("kept", 0);
        policy.opened("second", SECOND);
        policy.opened("third", 2 * SECOND);
        policy.asked("kept", 3 * SECOND);
        policy.answered("kept", 0);
        policy.read("kept", 4 * SECOND);

        // When / Then
        assertThat(policy.opened("fourth", 5 * SECOND)).hasValue("second");
        assertThat(policy.overdue(13 * SECOND)).containsExactly("third");
        assertThat(policy.overdue(14 * SECOND)).containsExactly("kept");
    }

    @Test
    void shouldEndTheAnswerThatIsUnreadLongestWhenNoneWaits() {
        // Given
        for (String connection : new String[] {"first", "second", "third"}) {
            policy.opened(connection, 0);
            policy.asked(connection, SECOND);
        }
        policy.answered("third", 0);

        // When / Then
        assertThat(policy.opened("fourth", 2 * SECOND)).hasValue("third");
    }

    @Test
    void shouldRefuseTheNewOneWhileAllAreBeingAnswered() {
        // Given
        for (String connection : new String[] {"first", "second", "third"}) {
            policy.opened(connection, 0);
            policy.asked(connection, SECOND);
        }

        // When / Then
        assertThat(policy.opened("fourth", 2 * SECOND)).hasValue("fourth");
        policy.closed("first");
        assertThat(policy.opened("fifth", 2 * SECOND)).isEmpty();
    }

    @Test
    void shouldEndWhatTakesTooLongOnce() {
        // Given
        policy.opened("silent", 0);
        policy.opened("slow", 0);
        policy.asked("slow", 5 * SECOND);
        policy.answered("slow", 0);

        // When / Then
        assertThat(policy.overdue(10 * SECOND - 1)).isEmpty();
        assertThat(policy.overdue(10 * SECOND)).containsExactly("silent");
        assertThat(policy.overdue(35 * SECOND - 1)).isEmpty();
        assertThat(policy.overdue(35 * SECOND)).containsExactly("slow");
        assertThat(policy.overdue(100 * SECOND)).isEmpty();
    }

    @Test
    void shouldLeaveASlowClientTheTimeThatALargeAnswerTakes() {
        // Given
        policy.opened("large", 0);
        policy.opened("small", 0);
        policy.asked("large", 0);
        policy.asked("small", 0);

        // When
        policy.answered("large", 60_000);
        policy.answered("small", 1);

        // Then
        assertThat(policy.overdue(31 * SECOND)).containsExactly("small");
        assertThat(policy.overdue(90 * SECOND - 1)).isEmpty();
        assertThat(policy.overdue(90 * SECOND)).containsExactly("large");
    }

    @Test
    void shouldGiveTheNextRequestNothingOfTheTimeOfTheLastAnswer() {
        // Given
        policy.opened("kept", 0);
        policy.asked("kept", 0);
        policy.answered("kept", 60_000);

        // When
        policy.read("kept", SECOND);
        policy.asked("kept", 2 * SECOND);

        // Then
        assertThat(policy.overdue(32 * SECOND - 1)).isEmpty();
        assertThat(policy.overdue(32 * SECOND)).containsExactly("kept");
    }

    @Test
    void shouldKnowNothingOfAConnectionThatEnded() {
        // Given
        policy.opened("first", 0);
        policy.closed("first");

        // When
        policy.asked("first", SECOND);
        policy.answered("first", 0);
        policy.read("first", SECOND);

        // Then
        assertThat(policy.overdue(1_000 * SECOND)).isEmpty();
    }
}
