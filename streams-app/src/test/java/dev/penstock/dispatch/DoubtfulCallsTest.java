package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DoubtfulCallsTest {

    private final DoubtfulCalls doubtful = new DoubtfulCalls();

    @Test
    void shouldGiveOutWhatIsDueInTheOrderOfTime() {
        // Given
        doubtful.add(id(1), 4, NOW.plusMillis(2));
        doubtful.add(id(2), 5, NOW.plusMillis(1));
        doubtful.add(id(3), 6, Instant.EPOCH);

        // When / Then
        assertThat(doubtful.next()).isEqualTo(Instant.EPOCH);
        assertThat(doubtful.pollDue(NOW)).isEqualTo(new DoubtfulCalls.Doubtful(id(3), 6, Instant.EPOCH));
        assertThat(doubtful.pollDue(NOW)).isNull();
        assertThat(doubtful.isDue(NOW.plusMillis(1))).isTrue();
        assertThat(doubtful.pollDue(NOW.plusMillis(1)))
                .isEqualTo(new DoubtfulCalls.Doubtful(id(2), 5, NOW.plusMillis(1)));
        assertThat(doubtful.isEmpty()).isFalse();
        assertThat(doubtful.pollDue(NOW.plusMillis(2))).isNotNull();
        assertThat(doubtful.isEmpty()).isTrue();
    }

    @Test
    void shouldHaveNothingDueWhenEmpty() {
        assertThat(doubtful.isDue(Instant.MAX)).isFalse();
        assertThat(doubtful.pollDue(Instant.MAX)).isNull();
    }
}
