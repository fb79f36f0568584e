package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class DueTimesTest {

    private static final Instant START = Instant.ofEpochMilli(1_000_000);

    private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
    private final NavigableSet<Instant> calls = new TreeSet<>();
    private final NavigableSet<Instant> rows = new TreeSet<>();
    private final List<String> done = new ArrayList<>();
    private final DueTimes dueTimes = new DueTimes(context)
            .add("calls", () -> calls.isEmpty() ? null : calls.first(), now -> finish("calls", calls))
            .add("rows", () -> rows.isEmpty() ? null : rows.first(), now -> finish("rows", rows));

    private void finish(String kind, NavigableSet<Instant> times) {
        done.add(kind);
        times.pollFirst();
    }

    private void at(Instant now) {
        context.setCurrentSystemTimeMs(now.toEpochMilli());
    }

    private void wake(Instant now) {
        at(now);
        List<MockProcessorContext.CapturedPunctuator> set = context.scheduledPunctuators().stream()
                .filter(punctuator -> !punctuator.cancelled())
                .toList();
        assertThat(set).hasSize(1);
        set.getFirst().getPunctuator().punctuate(now.toEpochMilli());
    }

    private long scheduled() {
        return context.scheduledPunctuators().stream()
                .filter(punctuator -> !punctuator.cancelled())
                .count();
    }

    @Test
    void shouldSetNoWakeUpWhileNothingIsDue() {
        // When
        at(START);
        dueTimes.refresh();

        // Then
        assertThat(dueTimes.wakeUp()).isNull();
        assertThat(scheduled()).isZero();
    }

    @Test
    void shouldWakeUpForTheEarliestOfAllKinds() {
        // Given
        at(START);
        calls.add(START.plusSeconds(9));
        rows.add(START.plusSeconds(4));

        // When
        dueTimes.refresh();

        // Then
        assertThat(dueTimes.wakeUp()).isEqualTo(START.plusSeconds(4));
        assertThat(dueTimes.next())
                .containsEntry("calls", START.plusSeconds(9))
                .containsEntry("rows", START.plusSeconds(4));
        assertThat(scheduled()).isOne();
    }

    /** A clock in milliseconds says an earlier time before that: a wake-up would find nothing due. */
    @Test
    void shouldWakeUpInTheMillisecondInWhichSomethingIsDue() {
        // Given
        at(START);
        Instant due = START.plusMillis(250).plusNanos(500_000);
        rows.add(due);
        dueTimes.refresh();
        Instant wakeUp = dueTimes.wakeUp();

        // When
        wake(START.plusMillis(251));

        // Then
        assertThat(wakeUp).isEqualTo(START.plusMillis(251));
        assertThat(context.scheduledPunctuators())
                .extracting(MockProcessorContext.CapturedPunctuator::getInterval)
                .containsExactly(Duration.ofMillis(251));
        assertThat(done).containsExactly("rows");
        assertThat(dueTimes.wakeUp()).isNull();
    }

    @Test
    void shouldMoveTheWakeUpWhenSomethingIsDueEarlier() {
        // Given
        at(START);
        rows.add(START.plusSeconds(40));
        dueTimes.refresh();

        // When
        calls.add(START.plusSeconds(2));
        dueTimes.refresh();

        // Then
        assertThat(dueTimes.wakeUp()).isEqualTo(START.plusSeconds(2));
        assertThat(scheduled()).isOne();
    }

    @Test
    void shouldDoOnlyWhatIsDueAndSetTheNextWakeUp() {
        // Given
        at(START);
        calls.add(START.plusSeconds(2));
        rows.add(START.plusSeconds(40));
        dueTimes.refresh();

        // When
        wake(START.plusSeconds(2));

        // Then
        assertThat(done).containsExactly("calls");
        assertThat(dueTimes.wakeUp()).isEqualTo(START.plusSeconds(40));
    }

    @Test
    void shouldContinueSoonWhereWorkIsLeft() {
        // Given
        at(START);
        calls.add(START);
        calls.add(START.plusMillis(1));
        dueTimes.refresh();

        // When
        wake(START.plusSeconds(1));

        // Then
        assertThat(done).containsExactly("calls");
        assertThat(dueTimes.wakeUp()).isEqualTo(START.plusSeconds(1).plus(DueTimes.FLOOR));

        // When
        wake(START.plusSeconds(2));

        // Then
        assertThat(done).containsExactly("calls", "calls");
        assertThat(dueTimes.wakeUp()).isNull();
    }

    @Test
    void shouldNotScheduleAnewForEachRecordWhileTheSameWorkIsDue() {
        // Given
        at(START);
        calls.add(START.minusSeconds(1));
        dueTimes.refresh();

        // When
        for (int record = 0; record < 100; record++) {
            at(START.plusMillis(record));
            dueTimes.refresh();
        }

        // Then
        assertThat(context.scheduledPunctuators()).hasSize(1);
        assertThat(dueTimes.wakeUp()).isEqualTo(START.plus(DueTimes.FLOOR));
    }

    @Test
    void shouldWakeUpOnlyOnceMoreAfterWorkIsGone() {
        // Given
        at(START);
        calls.add(START.plusSeconds(2));
        dueTimes.refresh();
        calls.clear();

        // When
        wake(START.plusSeconds(2));

        // Then
        assertThat(done).isEmpty();
        assertThat(dueTimes.wakeUp()).isNull();
    }

    @Test
    void shouldCancelTheWakeUpWhenItIsClosed() {
        // Given
        at(START);
        calls.add(START.plus(Duration.ofHours(1)));
        dueTimes.refresh();

        // When
        dueTimes.close();

        // Then
        assertThat(scheduled()).isZero();
        assertThat(dueTimes.wakeUp()).isNull();
    }
}
