package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that share the limits of one account. They wake in the same order each time, and each takes all that it gets. */
class RateTurnsTest {

    private static final String MINI = "mini";
    private static final Duration TICK = Duration.ofMillis(100);

    /** A task of the instance. */
    private final class Task {
        private final int number;
        private final Duration every;
        private final long tokens;
        private final List<Lease> leases = new ArrayList<>();
        private boolean hasWork = true;
        private Instant next = Instant.MIN;
        private int calls;

        Task(int number, Duration every, long tokens) {
            this.number = number;
            this.every = every;
            this.tokens = tokens;
        }

        void wakes() {
            Instant now = stack.clock.instant();
            if (!hasWork || now.isBefore(next)) {
                return;
            }
            next = now.plus(every);
            while (stack.targets.enter(MINI, number, "", tokens, now) instanceof Entry.Entered entered) {
                leases.add(entered.lease());
                calls++;
            }
        }
    }

    private StackFixture stack = new StackFixture(target(MINI));

    private void limits(int rpm, long tpm) {
        stack = new StackFixture(target(MINI, MINI, rpm, tpm, 1_000_000));
    }

    private void run(Duration time, Task... tasks) {
        Instant end = stack.clock.instant().plus(time);
        while (stack.clock.instant().isBefore(end)) {
            for (Task task : tasks) {
                task.wakes();
            }
            stack.clock.after(TICK);
        }
    }

    /** A request may claim any number of tokens, and a reply may. */
    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000_000L, Long.MAX_VALUE})
    void shouldChargeATaskAMinuteAtMostForOneCall(long tokens) {
        // Given
        Availability open = new Availability.Open();
        Instant now = FakeClock.START;
        RateTurns turns = new RateTurns(0, 6_000);
        turns.entered(0, tokens, now);
        turns.used(0, 6_000, tokens);
        turns.look(1, open, true, now);
        boolean hadATurn = turns.look(0, open, false, now).isOpen();

        // When
        turns.entered(1, 6_000, now);
        turns.look(1, open, true, now);

        // Then
        assertThat(hadATurn).isFalse();
        assertThat(turns.look(0, open, false, now)).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "60, 0", "600, 0", "6000, 0", "0, 600", "0, 6000", "0, 600000", "60, 6000"})
    void shouldShareALimitEvenlyAndLeaveNothingOfItUnused(int rpm, long tpm) {
        // Given
        limits(rpm, tpm);
        Task first = new Task(0, TICK, 100);
        Task second = new Task(1, TICK, 100);
        Task third = new Task(2, Duration.ofSeconds(1), 100);

        run(Duration.ofSeconds(30), first, second, third);
        int before = first.calls + second.calls + third.calls;
        List.of(first, second, third).forEach(task -> task.calls = 0);

        // When
        run(Duration.ofMinutes(10), first, second, third);

        // Then: to a second or two of what each may have
        int limit = (int) Math.min(rpm == 0 ? Long.MAX_VALUE : rpm, tpm == 0 ? Long.MAX_VALUE : tpm / 100);
        int all = first.calls + second.calls + third.calls;
        assertThat(before).isBetween(limit / 2, limit / 2 + limit / 6 + 1);
        assertThat(all).isCloseTo(10 * limit, within(1 + limit / 60));
        assertThat(List.of(first.calls, second.calls, third.calls))
                .allSatisfy(calls -> assertThat(calls).isCloseTo(all / 3, within(2 + 2 * limit / 60)));
    }

    @Test
    void shouldLeaveToOthersWhatATaskDoesNotUse() {
        // Given
        limits(60, 0);
        Task busy = new Task(0, TICK, 100);
        Task other = new Task(1, TICK, 100);
        run(Duration.ofSeconds(30), busy, other);

        // When
        other.hasWork = false;
        int before = busy.calls;
        run(Duration.ofSeconds(60), busy, other);

        // Then: but for the moment in which the other one might have come
        assertThat(busy.calls - before).isBetween(57, 61);
    }

    @Test
    void shouldKeepNothingForATaskThatLooksAndCannotCall() {
        // Given: all that the other one has is of a tenant at its cap, say
        limits(60, 0);
        Task busy = new Task(0, TICK, 100);
        Task other = new Task(1, TICK, 100);
        run(Duration.ofSeconds(30), busy, other);
        other.hasWork = false;

        // When
        int before = busy.calls;
        for (int tick = 0; tick < 600; tick++) {
            run(TICK, busy);
            stack.targets.look(List.of(MINI), 1, "", stack.clock.instant());
        }

        // Then
        assertThat(busy.calls - before).isBetween(57, 61);
    }

    @Test
    void shouldKeepNothingForATaskWhoseOwnTargetOfTheAccountIsClosed() {
        // Given: a target of the account refuses its key, and one task asks for no other
        stack = new StackFixture(target(MINI, "account", 60, 0, 1_000_000), target("big", "account", 60, 0, 1_000_000));
        Task busy = new Task(0, TICK, 100);
        stack.attempt("big", Replies.failed(FailureClass.CREDENTIALS));
        run(Duration.ofSeconds(30), busy);

        // When
        int before = busy.calls;
        for (int tick = 0; tick < 300; tick++) {
            stack.targets.look(List.of("big"), 1, "", stack.clock.instant());
            run(TICK, busy);
        }

        // Then
        assertThat(busy.calls - before).isBetween(27, 31);
    }

    @Test
    void shouldGiveNothingForTheTimeInWhichATaskWasAway() {
        // Given
        limits(60, 0);
        Task busy = new Task(0, TICK, 100);
        Task other = new Task(1, TICK, 100);
        other.hasWork = false;
        run(Duration.ofMinutes(5), busy, other);

        // When
        other.hasWork = true;
        int before = busy.calls;
        run(Duration.ofMinutes(1), busy, other);

        // Then
        assertThat(busy.calls - before).isBetween(28, 32);
        assertThat(other.calls).isBetween(28, 32);
    }

    @Test
    void shouldChargeATaskWithTheTokensThatItsCallsUsed() {
        // Given: both reserve a thousand tokens, one uses all of them and the other one a tenth
        limits(0, 60_000);
        Task wordy = new Task(0, TICK, 1_000);
        Task terse = new Task(1, TICK, 1_000);

        // When
        for (int second = 0; second < 600; second++) {
            run(Duration.ofSeconds(1), wordy, terse);
            end(wordy, 1_000);
            end(terse, 100);
        }

        // Then
        assertThat(terse.calls).isGreaterThan(4 * wordy.calls);
        assertThat(wordy.calls).isGreaterThan(100);
    }

    @Test
    void shouldChargeNothingForCallsThatWereNotMade() {
        // Given
        limits(60, 0);
        Task first = new Task(0, TICK, 1);
        Task second = new Task(1, TICK, 1);
        run(Duration.ofSeconds(30), first, second);
        int before = first.calls - second.calls;

        // When: the first one also asks for calls that it does not make then
        for (int time = 0; time < 60; time++) {
            if (stack.targets.enter(MINI, 0, "", 1, stack.clock.instant()) instanceof Entry.Entered entered) {
                entered.lease().cancel();
            }
            run(Duration.ofSeconds(1), first, second);
        }

        // Then
        assertThat(first.calls - second.calls).isCloseTo(before, within(2));
    }

    @Test
    void shouldForgetATaskThatLeft() {
        // Given
        RateTurns turns = new RateTurns(60, 0);
        Instant now = stack.clock.instant();
        turns.look(0, new Availability.ClosedUntil(now), true, now);
        turns.entered(1, 1, now);
        boolean before = turns.look(1, new Availability.Open(), false, now).isOpen();
        turns.entered(1, 1, now);
        boolean behind = turns.look(1, new Availability.Open(), false, now).isOpen();

        // When
        turns.left(0);

        // Then
        assertThat(before).isTrue();
        assertThat(behind).isFalse();
        assertThat(turns.look(1, new Availability.Open(), false, now).isOpen()).isTrue();
        assertThat(turns.tasks()).isEqualTo(1);
    }

    private void end(Task task, int tokens) {
        task.leases.forEach(lease -> stack.end(lease, Replies.answered(new TokenUsage(tokens, 0, 0, 0))));
        task.leases.clear();
    }
}
