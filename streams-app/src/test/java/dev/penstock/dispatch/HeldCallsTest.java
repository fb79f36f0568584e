package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Priority;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldCallsTest {

    private final HeldCalls held = new HeldCalls();

    @Test
    void shouldLetOnlyTheOldestOfEachTenantAsk() {
        // Given
        for (int i = 1; i <= 1_000; i++) {
            held.add(Waiters.of(i, "acme"), NOW);
            held.add(Waiters.of(2_000 + i, "beta"), NOW);
        }

        // When / Then
        assertThat(held.pollDue(NOW)).isEqualTo("acme");
        assertThat(held.pollDue(NOW)).isEqualTo("beta");
        assertThat(held.pollDue(NOW)).isNull();
        assertThat(held.wake("acme")).containsExactly(Waiters.of(1, "acme"));
        assertThat(held.wake("beta")).containsExactly(Waiters.of(2_001, "beta"));
        assertThat(held.wake("acme")).isEmpty();
    }

    @Test
    void shouldWakeTheNextWhenTheOneThatAskedHasGone() {
        // Given
        held.add(Waiters.of(1, "acme"), NOW);
        held.add(Waiters.of(2, "acme"), NOW);
        held.wake("acme");
        held.remove(Waiters.of(1, "acme"));

        // When / Then
        assertThat(held.wake("acme")).containsExactly(Waiters.of(2, "acme"));
        assertThat(held.rests(Waiters.of(2, "acme"))).isFalse();
        assertThat(held.asks(Waiters.of(2, "acme"))).isTrue();
    }

    @Test
    void shouldLetATenantAskAgainWhateverBecameOfItsLastCall() {
        // Given
        held.add(Waiters.of(1, "acme"), NOW);
        held.add(Waiters.of(2, "acme"), NOW);
        held.pollDue(NOW);
        held.wake("acme");

        // When
        held.remove(Waiters.of(1, "acme"));

        // Then
        assertThat(held.nextDue()).isEqualTo(NOW.plusSeconds(30));
        assertThat(held.pollDue(NOW.plusSeconds(30))).isEqualTo("acme");
        assertThat(held.wake("acme")).containsExactly(Waiters.of(2, "acme"));
    }

    @Test
    void shouldLetACallRestBehindAnOlderOneThatMayGoAndNotBehindOneThatMayNot() {
        // Given
        Waiter older = waits(1, "one");
        Waiter younger = waits(2, "two");
        held.add(waits(3, "two"), NOW.plusSeconds(30));
        held.add(younger, NOW.plusSeconds(30));
        held.add(older, NOW.plusSeconds(30));

        // When / Then
        assertThat(held.wake("acme")).containsExactlyInAnyOrder(older, younger);
        assertThat(held.goesBefore(younger, chain -> chain.contains("two"))).isNull();
        assertThat(held.goesBefore(older, chain -> true)).isNull();
        assertThat(held.goesBefore(younger, chain -> true)).isEqualTo(older);
        held.restsBehind(younger, older, NOW);
        assertThat(held.rests(younger)).isTrue();
        assertThat(held.nextDue()).as("the older one is to ask").isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void shouldNotAskSoonerForThoseBehindOneThatAskedInVain() {
        // Given
        Waiter older = waits(1, "one");
        Waiter younger = waits(2, "two");
        held.add(older, NOW.plusSeconds(30));
        held.add(younger, NOW.plusSeconds(30));
        held.wake("acme");
        held.remove(older);
        held.add(older, NOW.plusSeconds(30));

        // When
        held.restsBehind(younger, older, NOW);

        // Then
        assertThat(held.rests(younger)).isTrue();
        assertThat(held.nextDue()).isEqualTo(NOW.plusSeconds(30));
    }

    private static Waiter waits(int offset, String target) {
        return Waiters.of(offset, "acme", Priority.NORMAL, List.of(target), NOW.plusSeconds(600));
    }

    @Test
    void shouldCountWhatIsHeldAndKeepNothing() {
        // Given
        Waiter one = Waiters.of(1, "acme");
        Waiter two = Waiters.of(2, "beta");
        held.add(one, NOW);
        held.add(two, NOW.plusSeconds(1));
        held.add(one, NOW.plusSeconds(2));

        // When / Then
        assertThat(held.items()).isEqualTo(2);
        assertThat(held.itemsOf("acme")).isEqualTo(1);
        assertThat(held.bytesOf("acme")).isEqualTo(1_034);
        assertThat(held.bytes()).isEqualTo(2_068);
        assertThat(held.remove(one)).isTrue();
        assertThat(held.remove(one)).isFalse();
        assertThat(held.remove(two)).isTrue();
        assertThat(held.items()).isZero();
        assertThat(held.bytes()).isZero();
        assertThat(held.bytesOf("acme")).isZero();
        assertThat(held.nextDue()).isNull();
    }
}
