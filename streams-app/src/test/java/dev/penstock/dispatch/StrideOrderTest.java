package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StrideOrderTest {

    private final StrideOrder<String> order = new StrideOrder<>();

    @Test
    void shouldGiveTurnsByWeight() {
        // Given
        Map<String, Integer> weights = Map.of("a", 3, "b", 1);
        weights.keySet().forEach(order::add);

        // When
        Map<String, Integer> served = serve(400, weights);

        // Then
        assertThat(served).containsEntry("a", 300).containsEntry("b", 100);
    }

    @Test
    void shouldGiveNoCreditForAbsence() {
        // Given
        Map<String, Integer> weights = Map.of("a", 1, "b", 1);
        order.add("a");
        serve(1_000, weights);

        // When
        order.add("b");
        Map<String, Integer> served = serve(10, weights);

        // Then
        assertThat(served).containsEntry("a", 5).containsEntry("b", 5);
    }

    @Test
    void shouldNotLetWhoComesAndGoesTakeEveryTurn() {
        // Given
        order.add("waits");
        order.served("waits", 1);
        Map<String, Integer> served = new HashMap<>();

        // When
        for (int turn = 0; turn < 10; turn++) {
            order.add("comes-and-goes");
            String next = Objects.requireNonNull(order.next());
            served.merge(next, 1, Integer::sum);
            order.served(next, 1);
            order.remove("comes-and-goes");
        }

        // Then
        assertThat(served.get("waits")).isBetween(4, 6);
    }

    @Test
    void shouldForgetWhoLeaves() {
        // Given
        order.add("a");

        // When
        order.remove("a");
        order.served("a", 1);

        // Then
        assertThat(order.next()).isNull();
        assertThat(order.isEmpty()).isTrue();
    }

    private Map<String, Integer> serve(int times, Map<String, Integer> weights) {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < times; i++) {
            @Nullable String next = order.next();
            if (next != null) {
                served.merge(next, 1, Integer::sum);
                order.served(next, weights.getOrDefault(next, 1));
            }
        }
        return served;
    }
}
