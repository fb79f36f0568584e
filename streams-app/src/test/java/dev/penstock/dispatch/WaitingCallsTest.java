package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingCallsTest {

    private final WaitingCalls waiting = new WaitingCalls();

    @Test
    void shouldGiveOutInTheOrderOfArrivalButWhatCameBackFirst() {
        // Given
        waiting.addLast(id(1), 10, NOW);
        waiting.addLast(id(2), 10, NOW);
        waiting.addFirst(id(3), 10, NOW);

        // When
        List<RequestId> order = drain();

        // Then
        assertThat(order).containsExactly(id(3), id(1), id(2));
        assertThat(waiting.bytes()).isZero();
    }

    @Test
    void shouldTakeOutWhatIsOverdueAtItsDeadlineAndNotBefore() {
        // Given
        waiting.addLast(id(1), 10, NOW.plusMillis(2));
        waiting.addLast(id(2), 10, NOW.plusMillis(1));

        // When / Then
        assertThat(waiting.pollOverdue(NOW)).isNull();
        assertThat(waiting.pollOverdue(NOW.plusMillis(1))).isEqualTo(id(2));
        assertThat(waiting.pollOverdue(NOW.plusMillis(1))).isNull();
        assertThat(waiting.size()).isEqualTo(1);
    }

    @Test
    void shouldGoByTheLatestDeadlineOfACallThatIsAddedAgain() {
        // Given
        waiting.addLast(id(1), 10, NOW.plusMillis(1));

        // When
        waiting.addFirst(id(1), 7, NOW.plusMillis(5));

        // Then
        assertThat(waiting.pollOverdue(NOW.plusMillis(4))).isNull();
        assertThat(waiting.bytes()).isEqualTo(7);
        assertThat(waiting.pollOverdue(NOW.plusMillis(5))).isEqualTo(id(1));
    }

    @Test
    void shouldForgetTheDeadlinesOfCallsThatLeftThoughAnEarlierOneStillWaits() {
        // Given
        waiting.addLast(id(0), 1, NOW.plusMillis(1));

        // When
        for (int i = 1; i <= 1_000; i++) {
            waiting.addFirst(id(i), 1, NOW.plusSeconds(i));
            waiting.poll();
        }

        // Then
        assertThat(waiting.deadlinesKept()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithAListThatIsSearched(long seed) {
        // Given
        Random random = new Random(seed);
        List<Expected> model = new ArrayList<>();

        for (int step = 0; step < 2_000; step++) {
            // When
            switch (random.nextInt(5)) {
                case 0, 1 -> add(model, random, random.nextBoolean());
                case 2 ->
                    assertThat(waiting.poll())
                            .isEqualTo(
                                    model.isEmpty() ? null : model.removeFirst().id());
                case 3 -> {
                    RequestId id = id(random.nextInt(50));
                    waiting.remove(id);
                    model.removeIf(expected -> expected.id().equals(id));
                }
                default -> pollOverdue(model, NOW.plusMillis(random.nextInt(100)));
            }

            // Then
            assertThat(waiting.size()).isEqualTo(model.size());
            assertThat(waiting.deadlinesKept()).isEqualTo(model.size());
            assertThat(waiting.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(waiting.bytes())
                    .isEqualTo(model.stream().mapToLong(Expected::size).sum());
        }
    }

    private record Expected(RequestId id, int size, Instant deadline) {}

    private void add(List<Expected> model, Random random, boolean first) {
        Expected added =
                new Expected(id(random.nextInt(50)), 1 + random.nextInt(9), NOW.plusMillis(random.nextInt(100)));
        model.removeIf(expected -> expected.id().equals(added.id()));
        if (first) {
            waiting.addFirst(added.id(), added.size(), added.deadline());
            model.addFirst(added);
        } else {
            waiting.addLast(added.id(), added.size(), added.deadline());
            model.addLast(added);
        }
    }

    private void pollOverdue(List<Expected> model, Instant now) {
        RequestId taken = waiting.pollOverdue(now);
        Instant earliest = model.stream()
                .map(Expected::deadline)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        if (earliest.isAfter(now)) {
            assertThat(taken).isNull();
        } else {
            assertThat(model.removeIf(expected ->
                            expected.id().equals(taken) && expected.deadline().equals(earliest)))
                    .isTrue();
        }
    }

    private List<RequestId> drain() {
        List<RequestId> order = new ArrayList<>();
        for (RequestId id = waiting.poll(); id != null; id = waiting.poll()) {
            order.add(id);
        }
        return order;
    }
}
