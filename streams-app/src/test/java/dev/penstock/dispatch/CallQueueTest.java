package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class CallQueueTest {

    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private final Set<List<String>> closed = new HashSet<>();
    private final Map<String, Integer> left = new HashMap<>();
    private final CallQueue queue = new CallQueue(tenant -> 1, this::left, chain -> null);

    @Test
    void shouldServeATenantInTheOrderOfArrivalWhateverCameBackLast() {
        // Given
        queue.add(Waiters.of(2, "acme"));
        queue.add(Waiters.of(3, "acme"));
        queue.add(Waiters.of(1, "acme"));

        // When / Then
        assertThat(drain()).containsExactly(id(1), id(2), id(3));
        assertThat(queue.bytes()).isZero();
        assertThat(queue.all()).isZero();
    }

    @Test
    void shouldKeepItsPlaceToAHeldCallThatRestsAndNotWakeItBefore() {
        // Given
        Instant due = Calls.NOW.plusSeconds(15);
        queue.parkHeld(Waiters.of(1, "acme"), due);

        // When
        queue.wakeHeld("acme");
        queue.unparkDue(due.minusMillis(1));
        List<RequestId> early = drain();
        int held = queue.held().items();
        queue.unparkDue(due);

        // Then
        assertThat(early).isEmpty();
        assertThat(held).isEqualTo(1);
        assertThat(drain()).containsExactly(id(1));
        assertThat(queue.held().items()).isZero();
        assertThat(queue.held().bytes()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.nextHeld()).isNull();
    }

    @Test
    void shouldLetTenantsTakeTurnsHoweverMuchOneOfThemHasWaiting() {
        // Given
        for (int i = 0; i < 1_000; i++) {
            queue.add(Waiters.of(i, "flood"));
        }
        for (int i = 0; i < 10; i++) {
            queue.add(Waiters.of(5_000 + i, "small"));
        }

        // When
        List<RequestId> first = drain().subList(0, 20);

        // Then
        assertThat(first).filteredOn(id -> id.offset() >= 5_000).hasSize(10);
    }

    @Test
    void shouldLetTenantsTakeTurnsByWeight() {
        // Given
        CallQueue weighted = new CallQueue(tenant -> tenant.equals("heavy") ? 3 : 1, this::left, chain -> null);
        for (int i = 0; i < 100; i++) {
            weighted.add(Waiters.of(i, "heavy"));
            weighted.add(Waiters.of(1_000 + i, "light"));
        }

        // When
        int heavy = 0;
        for (int turn = 0; turn < 40; turn++) {
            Waiter next = Objects.requireNonNull(weighted.next(chain -> true));
            weighted.served(next);
            heavy += next.tenant().equals("heavy") ? 1 : 0;
        }

        // Then
        assertThat(heavy).isBetween(29, 31);
    }

    @Test
    void shouldNotCountWhatABudgetHoldsAsWaiting() {
        // Given
        Waiter held = Waiters.of(1, "acme");
        queue.hold(held, Instant.EPOCH);
        queue.hold(held, Instant.EPOCH.plusSeconds(1));
        queue.add(Waiters.of(2, "acme"));

        // When / Then
        assertThat(queue.held().itemsOf("acme")).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.bytes()).isEqualTo(Waiters.of(2, "acme").bytes());
        queue.remove(id(2));
        assertThat(queue.size()).isZero();
        assertThat(queue.all()).isEqualTo(1);
        queue.unparkDue(Instant.EPOCH.plusSeconds(1));
        assertThat(drain()).containsExactly(id(1));
        assertThat(queue.held().itemsOf("acme")).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void shouldServeInteractiveCallsFirstAndStarveNoClass() {
        // Given
        for (int i = 0; i < 1_000; i++) {
            queue.add(Waiters.of(i, "acme", Priority.BULK));
            queue.add(Waiters.of(2_000 + i, "acme", Priority.INTERACTIVE));
        }

        // When
        List<RequestId> first = drain().subList(0, 202);

        // Then
        assertThat(first).filteredOn(id -> id.offset() < 1_000).hasSizeBetween(1, 3);
    }

    @Test
    void shouldNotLetAClosedChainStandInTheWayOfAnother() {
        // Given
        List<String> other = List.of("three");
        queue.add(Waiters.of(1, "acme"));
        queue.add(Waiters.of(2, "acme", Priority.NORMAL, other, NOW.plusSeconds(600)));
        closed.add(Waiters.CHAIN);

        // When / Then
        assertThat(drain()).containsExactly(id(2));
        assertThat(queue.ready()).containsOnly(Map.entry(Waiters.CHAIN, new CallQueue.Ready(1, 1)));
        closed.clear();
        assertThat(drain()).containsExactly(id(1));
    }

    @Test
    void shouldLetChainsTakeTurns() {
        // Given
        List<String> other = List.of("three");
        for (int i = 0; i < 10; i++) {
            queue.add(Waiters.of(i, "acme"));
            queue.add(Waiters.of(100 + i, "acme", Priority.NORMAL, other, NOW.plusSeconds(600)));
        }

        // When
        List<RequestId> first = drain().subList(0, 10);

        // Then
        assertThat(first).filteredOn(id -> id.offset() >= 100).hasSize(5);
    }

    @Test
    void shouldPassOverATenantAtItsCapUntilThatChanges() {
        // Given
        queue.add(Waiters.of(1, "acme"));
        queue.add(Waiters.of(2, "beta"));
        left.put("acme", 0);

        // When / Then
        assertThat(drain()).containsExactly(id(2));
        left.clear();
        assertThat(drain()).isEmpty();
        queue.changed("acme");
        assertThat(drain()).containsExactly(id(1));
    }

    @Test
    void shouldCountOfATenantNoMoreThanItsCapLeaves() {
        // Given
        List<String> other = List.of("three");
        left.put("acme", 2);
        for (int i = 0; i < 10; i++) {
            queue.add(Waiters.of(i, "acme"));
            queue.add(Waiters.of(100 + i, "acme", Priority.NORMAL, other, NOW.plusSeconds(600)));
        }
        queue.add(Waiters.of(50, "beta"));

        // When / Then
        assertThat(queue.ready())
                .containsOnly(
                        Map.entry(Waiters.CHAIN, new CallQueue.Ready(11, 3)),
                        Map.entry(other, new CallQueue.Ready(10, 2)));
        assertThat(queue.usable()).isEqualTo(3);
        left.put("acme", 0);
        queue.changed("acme");
        assertThat(queue.usable()).isEqualTo(1);
        left.put("acme", 5);
        queue.changed("acme");
        assertThat(queue.usable()).isEqualTo(6);
    }

    @Test
    void shouldAskWhatCapsLeaveOnlyOfTenantsThatChanged() {
        // Given
        List<String> asked = new ArrayList<>();
        CallQueue many = new CallQueue(
                tenant -> 1,
                tenant -> {
                    asked.add(tenant);
                    return 1;
                },
                chain -> null);
        for (int i = 0; i < 10_000; i++) {
            many.add(Waiters.of(i, "tenant-" + i));
        }
        many.ready();
        many.usable();
        asked.clear();

        // When
        many.add(Waiters.of(10_000, "tenant-7"));
        many.changed("tenant-8");
        many.ready();
        many.usable();

        // Then
        assertThat(asked).hasSize(4).containsOnly("tenant-7", "tenant-8");
    }

    @Test
    void shouldLetANewCallPassAllThatCouldNotGoBeforeIt() {
        // Given
        List<String> other = List.of("three");
        left.put("capped", 0);
        queue.add(Waiters.of(1, "capped"));
        queue.park(Waiters.of(2, "acme"), NOW.plusMillis(1));
        queue.hold(Waiters.of(3, "acme"), NOW.plusMillis(1));
        queue.add(Waiters.of(4, "acme", Priority.NORMAL, other, NOW.plusSeconds(600)));
        closed.add(other);

        // When / Then
        assertThat(letsPass(Waiters.CHAIN, NOW)).isTrue();
        assertThat(letsPass(other, NOW)).as("one of the same chain waits").isFalse();
        assertThat(letsPass(Waiters.CHAIN, NOW.plusMillis(1)))
                .as("what is parked is due")
                .isFalse();
        closed.clear();
        assertThat(letsPass(Waiters.CHAIN, NOW))
                .as("one of another chain waits for a permit")
                .isFalse();
        queue.remove(id(4));
        assertThat(letsPass(Waiters.CHAIN, NOW)).isTrue();
        left.clear();
        queue.changed("capped");
        assertThat(letsPass(Waiters.CHAIN, NOW)).as("its cap was raised").isFalse();
    }

    private boolean letsPass(List<String> chain, Instant now) {
        return queue.letsPass(chain, asked -> !closed.contains(asked), now);
    }

    @Test
    void shouldHoldAParkedCallUntilItIsDueAndNotLonger() {
        // Given
        queue.park(Waiters.of(1, "acme"), NOW.plusMillis(5));

        // When / Then
        queue.unparkDue(NOW.plusMillis(4));
        assertThat(drain()).isEmpty();
        assertThat(queue.nextParked()).isEqualTo(NOW.plusMillis(5));
        assertThat(queue.oldestParked()).isEqualTo(NOW.plusMillis(1));
        queue.unparkDue(NOW.plusMillis(5));
        assertThat(queue.nextParked()).isNull();
        assertThat(queue.oldestParked()).isNull();
        assertThat(drain()).containsExactly(id(1));
    }

    @Test
    void shouldTakeOutWhatIsOverdueAtItsDeadlineAndNotBefore() {
        // Given
        queue.add(Waiters.of(1, "acme", Priority.NORMAL, Waiters.CHAIN, NOW.plusMillis(2)));
        queue.park(Waiters.of(2, "acme", Priority.NORMAL, Waiters.CHAIN, NOW.plusMillis(1)), NOW.plusSeconds(9));

        // When / Then
        assertThat(pollOverdue(NOW)).isNull();
        assertThat(queue.nextDeadline()).isEqualTo(NOW.plusMillis(1));
        assertThat(pollOverdue(NOW.plusMillis(1))).isEqualTo(id(2));
        assertThat(pollOverdue(NOW.plusMillis(1))).isNull();
        assertThat(queue.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldLoseNothingAndKeepNothing(long seed) {
        // Given
        Random random = new Random(seed);
        Map<RequestId, Waiter> model = new HashMap<>();

        for (int step = 0; step < 3_000; step++) {
            // When
            switch (random.nextInt(8)) {
                case 0, 1 -> add(model, random);
                case 2 -> park(model, random);
                case 3 -> served(model);
                case 4 -> queue.unparkDue(NOW.plusMillis(random.nextInt(100)));
                case 5 -> overdue(model, NOW.plusMillis(random.nextInt(100)));
                case 6 -> {
                    String tenant = "tenant-" + random.nextInt(3);
                    left.put(tenant, random.nextInt(5));
                    queue.changed(tenant);
                }
                default -> {
                    RequestId id = id(random.nextInt(50));
                    queue.remove(id);
                    model.remove(id);
                }
            }

            // Then
            int ready = queue.ready().values().stream()
                    .mapToInt(CallQueue.Ready::all)
                    .sum();
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(ready + queue.parkedCount()).isEqualTo(model.size());
            assertThat(queue.bytes()).isEqualTo(model.size() * 10L);
            assertThat(queue.usable() > 0)
                    .as("what is said to be usable can be served")
                    .isEqualTo(next() != null);
        }
        List.copyOf(left.keySet()).forEach(tenant -> {
            left.remove(tenant);
            queue.changed(tenant);
        });
        queue.unparkDue(Instant.MAX);
        assertThat(drain()).containsExactlyInAnyOrderElementsOf(model.keySet());
        assertThat(queue.ready()).isEmpty();
    }

    /**
     * A class waits for the weights of the classes above it, and a tenant in it for every other tenant once; who comes just after its class had its
     * turn waits a round more.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldStarveNoTenantWhateverTheOthersBring(long seed) {
        starveNobody(uncapped(), new Random(seed), 20_000);
    }

    @Test
    void shouldStarveNoTenantInTenThousandHistories() {
        for (long seed = 0; seed < 10_000; seed++) {
            starveNobody(uncapped(), new Random(seed), 800);
        }
    }

    private static void starveNobody(CallQueue queue, Random random, int turns) {
        int tenants = 5;
        int longestWait = 111 * (tenants + 1);
        Map<String, Integer> waitingFor = new HashMap<>();
        Map<String, Integer> waiting = new HashMap<>();
        long offset = 0;

        for (int turn = 0; turn < turns; turn++) {
            // When
            for (int arrivals = random.nextInt(3); arrivals > 0; arrivals--) {
                String tenant = random.nextInt(10) == 0 ? "tenant-" + random.nextInt(tenants) : "tenant-0";
                Priority priority = random.nextInt(4) == 0
                        ? PRIORITIES.get(random.nextInt(PRIORITIES.size()))
                        : Priority.INTERACTIVE;
                queue.add(Waiters.of(offset++, tenant, priority));
                waitingFor.putIfAbsent(tenant + priority, 0);
                waiting.merge(tenant + priority, 1, Integer::sum);
            }
            @Nullable Waiter served = queue.next(chain -> true);
            if (served != null) {
                queue.served(served);
                waitingFor.replaceAll((who, waited) -> waited + 1);
                String who = served.tenant() + served.priority();
                if (waiting.merge(who, -1, Integer::sum) == 0) {
                    waitingFor.remove(who);
                } else {
                    waitingFor.put(who, 0);
                }
            }

            // Then
            if (waitingFor.values().stream().anyMatch(waited -> waited > longestWait)) {
                throw new AssertionError(
                        "turn " + turn + ": " + waitingFor + " (expected: at most " + longestWait + ")");
            }
        }
    }

    private void add(Map<RequestId, Waiter> model, Random random) {
        Waiter waiter = random(random);
        queue.add(waiter);
        model.put(waiter.id(), waiter);
    }

    private void park(Map<RequestId, Waiter> model, Random random) {
        Waiter waiter = random(random);
        queue.park(waiter, NOW.plusMillis(random.nextInt(100)));
        model.put(waiter.id(), waiter);
    }

    private void served(Map<RequestId, Waiter> model) {
        @Nullable Waiter next = queue.next(chain -> true);
        if (next != null) {
            queue.served(next);
            assertThat(model.remove(next.id())).isEqualTo(next);
        }
    }

    private void overdue(Map<RequestId, Waiter> model, Instant now) {
        @Nullable RequestId taken = pollOverdue(now);
        boolean expected =
                model.values().stream().anyMatch(waiter -> !waiter.deadline().isAfter(now));
        assertThat(taken != null).isEqualTo(expected);
        if (taken != null) {
            model.remove(taken);
        }
    }

    private static Waiter random(Random random) {
        return Waiters.of(
                random.nextInt(50),
                "tenant-" + random.nextInt(3),
                PRIORITIES.get(random.nextInt(PRIORITIES.size())),
                random.nextBoolean() ? Waiters.CHAIN : List.of("three"),
                NOW.plusMillis(random.nextInt(100)));
    }

    private List<RequestId> drain() {
        List<RequestId> order = new ArrayList<>();
        for (Waiter next = next(); next != null; next = next()) {
            queue.served(next);
            order.add(next.id());
        }
        return order;
    }

    private @Nullable Waiter next() {
        return queue.next(chain -> !closed.contains(chain));
    }

    private int left(String tenant) {
        return left.getOrDefault(tenant, Integer.MAX_VALUE);
    }

    private static CallQueue uncapped() {
        return new CallQueue(tenant -> 1, tenant -> Integer.MAX_VALUE, chain -> null);
    }

    private @Nullable RequestId pollOverdue(Instant now) {
        Waiter overdue = queue.overdue(now);
        if (overdue != null) {
            queue.remove(overdue.id());
        }
        return overdue == null ? null : overdue.id();
    }
}
