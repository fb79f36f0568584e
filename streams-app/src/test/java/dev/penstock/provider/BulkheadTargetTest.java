package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BulkheadTargetTest {

    private static final String MINI = "mini";
    private static final Duration ASKED = Duration.ofMillis(100);

    private final StackFixture stack = new StackFixture(target(MINI, MINI, 0, 0, 16));

    private static ProviderReply throttled() {
        return Replies.failed(FailureClass.THROTTLED, ASKED);
    }

    /** How many the target gets at once, found by filling it. */
    private int limit() {
        List<Lease> leases = stack.enterAll(MINI);
        leases.forEach(Lease::cancel);
        return leases.size();
    }

    /** Two calls together, of which the first is throttled; then a trial that opens the gate again. */
    private void throttleOnce() {
        Lease first = stack.lease(MINI);
        Lease second = stack.lease(MINI);
        stack.end(second, throttled());
        stack.end(first, Replies.answered());
        stack.clock.after(ASKED);
        stack.attempt(MINI, Replies.answered());
    }

    private void cleanSecond() {
        stack.attempt(MINI, Replies.answered());
        stack.clock.after(Duration.ofSeconds(1));
        stack.attempt(MINI, Replies.answered());
    }

    @Test
    void shouldBeBusyWhenFull() {
        // When
        List<Lease> leases = stack.enterAll(MINI);

        // Then
        assertThat(leases).hasSize(16);
        assertThat(stack.look(MINI)).isEqualTo(new Availability.Busy());
        assertThat(stack.enter(MINI)).isEqualTo(new Entry.NotNow(new Availability.Busy()));
        leases.getFirst().cancel();
        assertThat(stack.look(MINI)).isEqualTo(new Availability.Open());
    }

    @Test
    void shouldHalveWhenThrottledAndGrowByOneForEachCleanSecond() {
        // When
        throttleOnce();

        // Then
        assertThat(limit()).isEqualTo(8);

        // When
        stack.clock.after(Duration.ofSeconds(1));
        cleanSecond();

        // Then
        assertThat(limit()).isBetween(9, 10);
        for (int i = 0; i < 20; i++) {
            cleanSecond();
        }
        assertThat(limit()).isEqualTo(16);
    }

    /** Threads read the clock before they get here, some a good while before. */
    @Test
    void shouldGrowNoFasterWhereThreadsHaveReadTheClockEarlier() {
        // Given
        ConcurrencyLimit limit = new ConcurrencyLimit(16);
        Instant now = FakeClock.START;
        ConcurrencyLimit.Place first = Objects.requireNonNull(limit.tryTake());
        limit.throttled(Objects.requireNonNull(limit.tryTake()), now);
        limit.left(first);
        now = now.plusSeconds(1);
        answered(limit, now);
        int halved = limit.limit();

        // When
        for (int i = 0; i < 5; i++) {
            answered(limit, now.minusSeconds(2));
            answered(limit, now);
        }

        // Then
        assertThat(halved).isEqualTo(8);
        assertThat(limit.limit()).isEqualTo(8);
    }

    private static void answered(ConcurrencyLimit limit, Instant now) {
        limit.answered(Objects.requireNonNull(limit.tryTake()), now);
    }

    @Test
    void shouldHalveOnceForCallsThatWereSentTogether() {
        // Given
        List<Lease> together = stack.enterAll(MINI);

        // When
        for (Lease lease : together) {
            stack.end(lease, throttled());
            stack.clock.after(Duration.ofSeconds(2));
        }

        // Then
        stack.attempt(MINI, Replies.answered());
        assertThat(limit()).isBetween(8, 9);
    }

    @Test
    void shouldHalveAtMostOnceASecond() {
        // When
        throttleOnce();
        throttleOnce();

        // Then
        assertThat(limit()).isEqualTo(8);
        stack.clock.after(Duration.ofSeconds(1));
        throttleOnce();
        assertThat(limit()).isEqualTo(4);
    }

    @Test
    void shouldNeverFallBelowOne() {
        // When
        for (int i = 0; i < 20; i++) {
            Lease first = stack.lease(MINI);
            if (stack.enter(MINI) instanceof Entry.Entered second) {
                stack.end(second.lease(), throttled());
            }
            stack.end(first, throttled());
            stack.clock.after(Duration.ofSeconds(2));
            stack.attempt(MINI, Replies.failed(FailureClass.PERMANENT));
        }

        // Then
        assertThat(limit()).isBetween(1, 2);
    }

    @Test
    void shouldLearnNothingFromACallThatRanAlone() {
        // When
        for (int i = 0; i < 10; i++) {
            stack.attempt(MINI, throttled());
            stack.clock.after(Duration.ofSeconds(5));
        }

        // Then
        stack.attempt(MINI, Replies.answered());
        assertThat(limit()).isEqualTo(16);
    }

    @Test
    void shouldRefuseALeaseThatIsUsedTwice() {
        // Given
        Lease called = stack.lease(MINI);
        StackFixture.call(called);
        Lease cancelled = stack.lease(MINI);
        cancelled.cancel();

        // When / Then
        assertThatThrownBy(called::cancel).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> StackFixture.call(called)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cancelled::cancel).isInstanceOf(IllegalStateException.class);
        assertThat(limit()).isEqualTo(16);
    }

    /** How little time a request gives an attempt says nothing of how many calls the target bears. */
    @Test
    void shouldNotGrowOverRequestsThatGiveItLessTimeThanIsUsual() throws InterruptedException {
        // Given
        throttleOnce();
        stack.willReply(Replies.outOfTime(FailureClass.UNKNOWN));

        // When
        for (int i = 0; i < 20; i++) {
            stack.clock.after(Duration.ofSeconds(1));
            stack.lease(MINI).call(StackFixture.callWithin(Duration.ofMillis(1)));
        }

        // Then
        assertThat(limit()).isEqualTo(8);
    }
}
