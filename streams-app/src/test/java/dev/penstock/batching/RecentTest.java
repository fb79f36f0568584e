package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.RequestId;
import org.junit.jupiter.api.Test;

class RecentTest {

    private static final RequestId ONE = new RequestId("batch:requests", 0, 1);
    private static final RequestId TWO = new RequestId("batch:requests", 0, 2);

    private final Recent<String> recent = new Recent<>(100);

    @Test
    void shouldGiveWhatBelongsToACallOnce() {
        // Given
        recent.add(ONE, "a", 10);
        recent.add(TWO, "x", 10);
        recent.add(ONE, "b", 10);

        // Then
        assertThat(recent.take(ONE, 2)).containsExactly("a", "b");
        assertThat(recent.take(ONE, 2)).isEmpty();
        assertThat(recent.take(TWO, 1)).containsExactly("x");
    }

    @Test
    void shouldForgetTheEldestCallsBeyondItsBound() {
        // Given
        recent.add(ONE, "a", 60);
        recent.add(TWO, "x", 60);

        // Then
        assertThat(recent.take(ONE, 1)).isEmpty();
        assertThat(recent.take(TWO, 1)).containsExactly("x");
        recent.add(ONE, "c", 60);
        assertThat(recent.take(ONE, 1)).containsExactly("c");
    }

    /** A call whose first members were forgotten must be read as a whole. */
    @Test
    void shouldGiveNothingWhereAnythingIsMissing() {
        // Given
        recent.add(ONE, "a", 60);
        recent.add(TWO, "x", 60);
        recent.add(ONE, "b", 10);

        // Then
        assertThat(recent.take(ONE, 2)).isEmpty();
    }
}
