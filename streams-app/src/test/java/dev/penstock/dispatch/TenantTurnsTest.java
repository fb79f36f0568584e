package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Priority;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants take turns, whatever priorities and chains they ask for. */
class TenantTurnsTest {

    private static final Instant DEADLINE = Calls.NOW.plusSeconds(600);
    private static final List<String> FIRST = List.of("t0");
    private static final List<String> SECOND = List.of("t1");

    private final Set<List<String>> closed = new HashSet<>();
    private final CallQueue queue = new CallQueue(
            tenant -> tenant.equals("heavy") ? 3 : 1,
            tenant -> Integer.MAX_VALUE,
            chain -> chain.getFirst().startsWith("mini") ? "account" : null);
    private long offset;

    @ParameterizedTest
    @EnumSource(Priority.class)
    void shouldShareBetweenTenantsWhateverTheyCallInteractive(Priority other) {
        // Given
        waits("flood", 1_000, Priority.INTERACTIVE, FIRST);
        waits("other", 1_000, other, FIRST);

        // When
        Map<String, Integer> served = serve(1_000);

        // Then
        assertThat(served).containsEntry("other", 500);
    }

    @Test
    void shouldShareBetweenTenantsHoweverManyChainsOneOfThemAsksFor() {
        // Given
        for (int chain = 0; chain < 4; chain++) {
            waits("flood", 1_000, Priority.NORMAL, List.of("t" + chain));
        }
        waits("other", 1_000, Priority.NORMAL, FIRST);

        // When
        Map<String, Integer> served = serve(1_000);

        // Then
        assertThat(served.get("other")).isBetween(495, 505);
    }

    @Test
    void shouldShareByWeightOverAllChains() {
        // Given
        waits("heavy", 1_000, Priority.BULK, FIRST);
        waits("heavy", 1_000, Priority.BULK, SECOND);
        waits("light", 1_000, Priority.INTERACTIVE, SECOND);

        // When
        Map<String, Integer> served = serve(400);

        // Then
        assertThat(served.get("heavy")).isBetween(295, 305);
    }

    @Test
    void shouldNotGiveMoreTurnsToWhoAsksForAnotherChainEachTime() {
        // Given
        waits("other", 1_000, Priority.NORMAL, FIRST);
        Map<String, Integer> served = new HashMap<>();

        // When
        for (int turn = 0; turn < 400; turn++) {
            if (turn == 0 || !queue.ready().keySet().stream().anyMatch(chain -> !chain.equals(FIRST))) {
                waits("hops", 1, Priority.NORMAL, List.of("t" + (1 + turn % 7)));
            }
            served.merge(next().tenant(), 1, Integer::sum);
        }

        // Then
        assertThat(served.get("other")).isBetween(195, 205);
    }

    @Test
    void shouldEarnNothingWhileAChainIsClosed() {
        // Given
        waits("open", 2_000, Priority.NORMAL, FIRST);
        waits("parked", 1_000, Priority.NORMAL, SECOND);
        closed.add(SECOND);
        serve(1_000);

        // When
        closed.clear();
        Map<String, Integer> served = serve(100);

        // Then
        assertThat(served.get("open")).isBetween(49, 51);
    }

    @Test
    void shouldKeepNobodyOutOfAChainThatTakesOneCallAtATimeForUsingAnother() {
        // Given
        waits("both", 20_000, Priority.NORMAL, FIRST);
        waits("both", 1_000, Priority.NORMAL, SECOND);
        waits("one", 1_000, Priority.NORMAL, SECOND);
        Map<String, Integer> atSecond = new HashMap<>();

        // When
        for (int opened = 0; opened < 300; opened++) {
            closed.add(SECOND);
            serve(50);
            closed.clear();
            Waiter next = next();
            assertThat(next.chain()).as("a chain that opens is served").isEqualTo(SECOND);
            atSecond.merge(next.tenant(), 1, Integer::sum);
        }

        // Then
        assertThat(atSecond.get("both"))
                .as("half of its weight is for each chain")
                .isBetween(98, 102);
    }

    @Test
    void shouldCountForAsMuchAsCallsClaim() {
        // Given
        waits("large", 1_000, Priority.NORMAL, FIRST);
        waits("small", 2_000, Priority.NORMAL, FIRST);
        Map<String, Integer> served = new HashMap<>();

        // When
        for (int turn = 0; turn < 1_010; turn++) {
            Waiter next = next();
            served.merge(next.tenant(), 1, Integer::sum);
            queue.charge(next, next.tenant().equals("large") ? 100 : 1);
        }

        // Then
        assertThat(served).containsEntry("large", 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mini-1", "mini-2"})
    void shouldCountWhatACallClaimsOfATenantThatHasNoOtherAtThatTime(String target) {
        // Given
        waits("small", 2_000, Priority.NORMAL, List.of("mini-1"));
        int large = 0;
        boolean waits = false;

        // When
        for (int turn = 0; turn < 1_010; turn++) {
            if (!waits) {
                waits("large", 1, Priority.NORMAL, List.of(target));
                waits = true;
            }
            Waiter next = next();
            if (next.tenant().equals("large")) {
                large++;
                waits = false;
                queue.charge(next, 100);
            }
        }

        // Then
        assertThat(large).isBetween(9, 11);
    }

    @Test
    void shouldNotCountForAnotherChainWhatCallsClaim() {
        // Given
        waits("large", 1_000, Priority.NORMAL, FIRST);
        waits("other", 1_000, Priority.NORMAL, SECOND);
        Map<String, Integer> served = new HashMap<>();

        // When
        for (int turn = 0; turn < 400; turn++) {
            Waiter next = next();
            served.merge(next.tenant(), 1, Integer::sum);
            queue.charge(next, next.tenant().equals("large") ? 6_000 : 1);
        }

        // Then
        assertThat(served.get("large")).isBetween(199, 201);
    }

    @Test
    void shouldCountWhatCallsClaimForAnotherChainThatDrawsOnTheSameTokenRate() {
        // Given
        waits("large", 1_000, Priority.NORMAL, List.of("mini-1"));
        waits("small", 2_000, Priority.NORMAL, List.of("mini-2"));
        Map<String, Integer> served = new HashMap<>();

        // When
        for (int turn = 0; turn < 1_010; turn++) {
            Waiter next = next();
            served.merge(next.tenant(), 1, Integer::sum);
            queue.charge(next, next.tenant().equals("large") ? 100 : 1);
        }

        // Then
        assertThat(served).containsEntry("large", 10);
    }

    @Test
    void shouldShareBetweenTenantsHoweverManyChainsOfOneTokenRateOneOfThemAsksFor() {
        // Given
        for (int chain = 0; chain < 4; chain++) {
            waits("flood", 1_000, Priority.NORMAL, List.of("mini-" + chain));
        }
        waits("other", 1_000, Priority.NORMAL, List.of("mini-0"));
        waits("third", 1_000, Priority.NORMAL, FIRST);

        // When
        Map<String, Integer> served = serve(900);

        // Then
        assertThat(served.get("other")).isBetween(295, 305);
        assertThat(served.get("third")).isBetween(295, 305);
    }

    private void waits(String tenant, int calls, Priority priority, List<String> chain) {
        for (int call = 0; call < calls; call++) {
            queue.add(Waiters.of(offset++, tenant, priority, chain, DEADLINE));
        }
    }

    private Map<String, Integer> serve(int turns) {
        Map<String, Integer> served = new HashMap<>();
        for (int turn = 0; turn < turns; turn++) {
            served.merge(next().tenant(), 1, Integer::sum);
        }
        return served;
    }

    private Waiter next() {
        Waiter next = Objects.requireNonNull(queue.next(chain -> !closed.contains(chain)));
        queue.served(next);
        return next;
    }
}
