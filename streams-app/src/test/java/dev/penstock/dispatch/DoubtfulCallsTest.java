package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.FollowerLimits;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoubtfulCallsTest {

    private static final int CALLS = 1_000;
    private static final Instant LATER = NOW.plusSeconds(60);

    private final ReadingGate gate = new ReadingGate();
    private final Set<RequestId> running = new HashSet<>();
    private final DoubtfulCalls doubtful = new DoubtfulCalls(gate, (id, number) -> running.contains(id), 3, NOW);

    @Test
    void shouldGiveOutWhatIsDueInTheOrderOfTime() {
        // Given
        doubtful.add(id(1), 4, NOW);
        doubtful.add(id(2), 5, NOW.minusMillis(1));
        doubtful.add(id(3), 6, Instant.EPOCH);

        // When / Then
        assertThat(doubtful.next()).isEqualTo(Instant.EPOCH);
        assertThat(doubtful.pollDue(NOW.minusMillis(2))).isEqualTo(new DoubtfulCalls.Doubtful(id(3), 6, Instant.EPOCH));
        assertThat(doubtful.pollDue(NOW.minusMillis(2))).isNull();
        assertThat(doubtful.next()).isEqualTo(NOW.minusMillis(1));
        assertThat(doubtful.pollDue(NOW.minusMillis(1)))
                .isEqualTo(new DoubtfulCalls.Doubtful(id(2), 5, NOW.minusMillis(1)));
        assertThat(doubtful.next()).isEqualTo(NOW);
        assertThat(doubtful.pollDue(NOW)).isNotNull();
        assertThat(doubtful.next()).isNull();
        assertThat(gate.asked).isZero();
    }

    @Test
    void shouldTellHowManyAreInDoubtAndSinceWhen() {
        // Given
        List<String> told = new ArrayList<>();
        WaitingListener listener = new WaitingListener() {

            @Override
            public void waiting(int partition, Counts counts) {}

            @Override
            public void inDoubt(int partition, int calls, @Nullable Instant since) {
                told.add(partition + ": " + calls + " since " + since);
            }
        };
        doubtful.add(id(1), 1, Instant.EPOCH);
        doubtful.add(id(2), 1, LATER);

        // When
        doubtful.tell(listener, NOW);
        doubtful.tell(listener, NOW.plusSeconds(1));
        doubtful.tell(listener, LATER);
        doubtful.remove(id(1));
        doubtful.tell(listener, LATER);
        doubtful.remove(id(2));
        doubtful.tell(listener, LATER);

        // Then: what changed, and nobody was in doubt here before the task started
        assertThat(told)
                .containsExactly("3: 1 since " + NOW, "3: 2 since " + NOW, "3: 1 since " + LATER, "3: 0 since null");
    }

    @Test
    void shouldCountNoneTwiceThatStayInDoubtAtARecord() {
        // Given: after a takeover all are in doubt until the outcomes are read, a record each
        List<DoubtfulCalls.Doubtful> visited = new ArrayList<>();
        DoubtfulCalls many = new DoubtfulCalls(
                gate, (id, number) -> false, 3, NOW, () -> new TreeSet<>(DoubtfulCalls.Doubtful.BY_TIME) {
                    @Override
                    public Iterator<DoubtfulCalls.Doubtful> iterator() {
                        Iterator<DoubtfulCalls.Doubtful> all = super.iterator();
                        return new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                return all.hasNext();
                            }

                            @Override
                            public DoubtfulCalls.Doubtful next() {
                                DoubtfulCalls.Doubtful next = all.next();
                                visited.add(next);
                                return next;
                            }
                        };
                    }

                    @Override
                    public DoubtfulCalls.Doubtful removeFirst() {
                        DoubtfulCalls.Doubtful first = super.removeFirst();
                        visited.add(first);
                        return first;
                    }
                });
        for (int i = 0; i < CALLS; i++) {
            many.add(id(i), 1, Instant.EPOCH);
        }
        List<Integer> told = new ArrayList<>();

        // When
        for (int i = 0; i < CALLS; i++) {
            many.tell(telling(told), NOW);
            many.remove(id(i));
        }
        many.tell(telling(told), NOW);

        // Then
        assertThat(visited).hasSize(CALLS);
        assertThat(told).hasSize(CALLS + 1).startsWith(CALLS, CALLS - 1).endsWith(1, 0);
    }

    private static WaitingListener telling(List<Integer> told) {
        return new WaitingListener() {

            @Override
            public void waiting(int partition, Counts counts) {}

            @Override
            public void inDoubt(int partition, int calls, @Nullable Instant since) {
                told.add(calls);
            }
        };
    }

    @Test
    void shouldCountAsTheClockSaysWhenItIsSetBack() {
        // Given
        List<Integer> told = new ArrayList<>();
        doubtful.add(id(1), 1, NOW);
        doubtful.add(id(2), 1, LATER);
        doubtful.tell(telling(told), LATER);

        // When
        doubtful.tell(telling(told), NOW);

        // Then
        assertThat(told).containsExactly(2, 1);
        assertThat(doubtful.next()).isEqualTo(NOW);
    }

    @Test
    void shouldHaveNothingDueWhenEmpty() {
        assertThat(doubtful.next()).isNull();
        assertThat(doubtful.pollDue(Instant.MAX)).isNull();
    }

    @Test
    void shouldGiveOutWhatFallsDueLaterOnlyWhenTheTopicsWereReadAgain() {
        // Given
        doubtful.add(id(1), 1, LATER);

        // When / Then
        assertThat(doubtful.pollDue(LATER)).isNull();
        assertThat(doubtful.pollDue(LATER.plusSeconds(1))).isNull();
        assertThat(gate.asked).isEqualTo(1);
        gate.read = true;
        assertThat(doubtful.pollDue(LATER.plusSeconds(2))).isNotNull();
    }

    @Test
    void shouldReadOnceMoreForWhatFellDueWhileItRead() {
        // Given
        doubtful.add(id(1), 1, LATER);
        doubtful.add(id(2), 1, LATER.plusSeconds(1));
        doubtful.pollDue(LATER);
        gate.read = true;

        // When
        DoubtfulCalls.Doubtful first = doubtful.pollDue(LATER.plusSeconds(2));
        DoubtfulCalls.Doubtful second = doubtful.pollDue(LATER.plusSeconds(2));

        // Then
        assertThat(first).isNotNull();
        assertThat(second).isNull();
        assertThat(gate.asked).isEqualTo(2);
    }

    /** Its outcome is written after the ends were noted, so that what was read up to them says nothing of it. */
    @Test
    void shouldNotGiveOutACallThatEndsWhileTheTopicsAreRead() {
        // Given
        doubtful.add(id(1), 1, LATER);
        doubtful.add(id(2), 1, LATER);
        running.add(id(2));
        assertThat(doubtful.pollDue(LATER)).isNull();

        // When
        gate.read = true;
        running.clear();

        // Then
        assertThat(doubtful.pollDue(LATER.plusSeconds(1))).isEqualTo(new DoubtfulCalls.Doubtful(id(1), 1, LATER));
        assertThat(doubtful.pollDue(LATER.plusSeconds(1))).isNull();
        assertThat(doubtful.pollDue(LATER.plusSeconds(5))).isNull();
        assertThat(gate.asked).isEqualTo(2);
        gate.read = true;
        assertThat(doubtful.pollDue(LATER.plusSeconds(6))).isNotNull();
    }

    @Test
    void shouldReadOnceMoreForACallThatRanWhenItWasFound() {
        // Given
        running.add(id(1));
        doubtful.found(id(1), 1, NOW);
        doubtful.found(id(2), 1, NOW);

        // When
        running.clear();

        // Then
        assertThat(doubtful.pollDue(NOW.plusSeconds(10))).isEqualTo(new DoubtfulCalls.Doubtful(id(2), 1, NOW));
        assertThat(doubtful.pollDue(NOW.plusSeconds(10))).isNull();
        assertThat(gate.asked).isEqualTo(1);
    }

    @Test
    void shouldAskForNothingWhileAllThatIsDueStillRuns() {
        // Given
        doubtful.add(id(1), 1, LATER);
        running.add(id(1));

        // When / Then
        assertThat(doubtful.pollDue(LATER)).isNull();
        assertThat(gate.asked).isZero();
        assertThat(doubtful.next()).isEqualTo(LATER.plusSeconds(5));
    }

    @Test
    void shouldForgetACallThatCameBack() {
        // Given
        doubtful.add(id(1), 1, NOW);
        doubtful.add(id(1), 2, NOW.plusMillis(1));

        // When
        doubtful.remove(id(1));

        // Then
        assertThat(doubtful.next()).isNull();
    }

    private static final class ReadingGate implements IntakeGate {

        @Override
        public void following(int partition, Place place, int all) {}

        private int asked;
        private boolean read;

        @Override
        public void catchUpAgain(int partition) {
            asked++;
            read = false;
        }

        @Override
        public boolean caughtUpAgain(int partition) {
            return read;
        }

        @Override
        public boolean caughtUp(int partition) {
            return true;
        }

        @Override
        public void started(int partition) {}

        @Override
        public void ended(int partition) {}

        @Override
        public void waiting(int partition, Place place, int items, long bytes) {}

        @Override
        public FollowerLimits followerLimits() {
            return new FollowerLimits(1, 1);
        }

        @Override
        public void processed(String topic, int partition, long offset) {}
    }
}
