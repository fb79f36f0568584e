package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.batching.Arrival.Completed;
import dev.penstock.batching.Arrival.Displaced;
import dev.penstock.batching.Arrival.GoesAlone;
import dev.penstock.batching.Arrival.Joined;
import dev.penstock.batching.Arrival.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenWindowTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FAR = NOW.plusSeconds(3_600);
    private static final BatchLimits LIMITS = new BatchLimits(3, Duration.ofMillis(250), 100, Duration.ofSeconds(30));

    private static Arrival arrive(@Nullable OpenWindow window, long tokens, Instant now) {
        return OpenWindow.arrive(window, tokens, FAR, LIMITS, now);
    }

    private static OpenWindow open(int items, long tokens) {
        return new OpenWindow(NOW, NOW.plusMillis(250), items, tokens);
    }

    @Test
    void shouldOpenWithTheFirstMember() {
        assertThat(arrive(null, 10, NOW)).isEqualTo(new Joined(open(1, 10)));
    }

    @Test
    void shouldGatherUntilTheNumberIsReached() {
        assertThat(arrive(open(1, 10), 10, NOW.plusMillis(100))).isEqualTo(new Joined(open(2, 20)));
        assertThat(arrive(open(2, 20), 10, NOW.plusMillis(100))).isEqualTo(new Completed(open(3, 30)));
    }

    @Test
    void shouldLeaveWhenTheTokensAreReached() {
        assertThat(arrive(open(1, 50), 49, NOW)).isEqualTo(new Joined(open(2, 99)));
        assertThat(arrive(open(1, 50), 50, NOW)).isEqualTo(new Completed(open(2, 100)));
    }

    @Test
    void shouldLeaveWithoutWhatDoesNotFitAnyMore() {
        // Given
        Instant later = NOW.plusMillis(100);

        // When
        Arrival arrival = arrive(open(2, 50), 51, later);

        // Then
        assertThat(arrival).isEqualTo(new Displaced(open(2, 50), new OpenWindow(later, later.plusMillis(250), 1, 51)));
    }

    @Test
    void shouldNotWaitWithWhatFillsAWindowByItself() {
        assertThat(arrive(null, 100, NOW)).isEqualTo(new GoesAlone(Reason.TOO_LONG));
        assertThat(arrive(open(1, 1), Long.MAX_VALUE, NOW)).isEqualTo(new GoesAlone(Reason.TOO_LONG));
        assertThat(arrive(null, 99, NOW)).isInstanceOf(Joined.class);
    }

    @Test
    void shouldNeverLetADeadlineWait() {
        // Given
        Instant enough = NOW.plusMillis(250).plusSeconds(30);

        // When
        Arrival inTime = OpenWindow.arrive(null, 1, enough, LIMITS, NOW);
        Arrival late = OpenWindow.arrive(open(1, 1), 1, enough.minusMillis(1), LIMITS, NOW);

        // Then
        assertThat(inTime).isInstanceOf(Joined.class);
        assertThat(late).isEqualTo(new GoesAlone(Reason.DEADLINE));
    }

    @Test
    void shouldBeDueWhenItsTimeIsOverOrTheClockWasSetBack() {
        assertThat(open(1, 1).isDue(NOW)).isFalse();
        assertThat(open(1, 1).isDue(NOW.plusMillis(249))).isFalse();
        assertThat(open(1, 1).isDue(NOW.plusMillis(250))).isTrue();
        assertThat(open(1, 1).isDue(NOW.minusMillis(1))).isTrue();
    }

    @Test
    void shouldLeaveWithWhoeverComesWhenItIsDue() {
        assertThat(arrive(open(1, 1), 1, NOW.plusMillis(250))).isEqualTo(new Completed(open(2, 2)));
    }

    @Test
    void shouldLetAMemberGo() {
        assertThat(open(2, 20).without(5)).contains(open(1, 15));
        assertThat(open(1, 5).without(5)).isEmpty();
    }

    @Test
    void shouldRefuseLimitsThatGatherNothing() {
        assertThatThrownBy(() -> new BatchLimits(1, Duration.ofMillis(1), 1, Duration.ZERO))
                .hasMessage("maxItems: 1 (expected: at least 2)");
        assertThatThrownBy(() -> new BatchLimits(2, Duration.ZERO, 1, Duration.ZERO))
                .hasMessage("window: PT0S (expected: longer than zero)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#few")
    void shouldSendEveryMemberOnceWithinItsTime(long seed) {
        Random random = new Random(seed);
        @Nullable OpenWindow window = null;
        Instant now = NOW;
        int came = 0;
        int sent = 0;
        for (int step = 0; step < 1_000; step++) {
            // Given
            now = now.plusMillis(random.nextInt(120));
            if (window != null && window.isDue(now)) {
                sent += window.items();
                window = null;
            }
            long tokens = random.nextInt(120);

            // When
            Arrival arrival = OpenWindow.arrive(window, tokens, now.plusSeconds(40), LIMITS, now);

            // Then
            came++;
            switch (arrival) {
                case GoesAlone alone -> sent++;
                case Joined joined -> window = joined.window();
                case Completed completed -> {
                    sent += completed.window().items();
                    window = null;
                }
                case Displaced displaced -> {
                    sent += displaced.leaving().items();
                    window = displaced.opened();
                }
            }
            int waiting = window == null ? 0 : window.items();
            assertThat(sent + waiting).isEqualTo(came);
            if (window != null) {
                assertThat(window.items()).isLessThan(LIMITS.maxItems());
                assertThat(window.tokens()).isLessThan(LIMITS.maxTokens());
                assertThat(window.closesAt()).isAfter(now).isBeforeOrEqualTo(now.plusMillis(250));
            }
        }
    }
}
