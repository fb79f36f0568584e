package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(held.pollDue(NOW)).isEqualTo(Waiters.of(1, "acme"));
        assertThat(held.pollDue(NOW)).isEqualTo(Waiters.of(2_001, "beta"));
        assertThat(held.pollDue(NOW)).isNull();
        assertThat(held.wake("acme")).isNull();
    }

    @Test
    void shouldWakeTheNextWhenTheOneThatAskedHasGone() {
        // Given
        held.add(Waiters.of(1, "acme"), NOW);
        held.add(Waiters.of(2, "acme"), NOW);
        held.pollDue(NOW);
        held.remove(Waiters.of(1, "acme"));

        // When / Then
        assertThat(held.wake("acme")).isEqualTo(Waiters.of(2, "acme"));
        assertThat(held.rests(Waiters.of(2, "acme"))).isFalse();
    }

    @Test
    void shouldLetATenantAskAgainWhateverBecameOfItsLastCall() {
        // Given
        held.add(Waiters.of(1, "acme"), NOW);
        held.add(Waiters.of(2, "acme"), NOW);
        held.pollDue(NOW);

        // When
        held.remove(Waiters.of(1, "acme"));

        // Then
        assertThat(held.nextDue()).isEqualTo(NOW.plusSeconds(30));
        assertThat(held.pollDue(NOW.plusSeconds(30))).isEqualTo(Waiters.of(2, "acme"));
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
