package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import org.junit.jupiter.api.Test;

class HeldPolicyTest {

    private final HeldCalls held = new HeldCalls();

    @Test
    void shouldHoldNoMoreCallsOfATenantThanItMay() {
        // Given
        HeldPolicy policy = policy("budgets.max_held=2");
        held.add(Waiters.of(1, "acme"), NOW);
        held.add(Waiters.of(2, "beta"), NOW);

        // When / Then
        assertThat(policy.tooMuch(Waiters.of(3, "acme"), held)).isNull();
        held.add(Waiters.of(3, "acme"), NOW);
        assertThat(policy.tooMuch(Waiters.of(4, "acme"), held))
                .isEqualTo("held requests of the tenant: 3 (expected: at most 2, budgets.max_held)");
        assertThat(policy.tooMuch(Waiters.of(4, "beta"), held)).isNull();
    }

    @Test
    void shouldHoldNoMoreBytesOfATenantThanItMay() {
        // Given
        HeldPolicy policy = policy("budgets.max_held_bytes=1MiB");
        int fit = (1 << 20) / 1_034;
        for (int i = 0; i < fit - 1; i++) {
            held.add(Waiters.of(i, "acme"), NOW);
        }

        // When / Then
        assertThat(policy.tooMuch(Waiters.of(fit, "acme"), held)).isNull();
        held.add(Waiters.of(fit, "acme"), NOW);
        assertThat(policy.tooMuch(Waiters.of(fit + 1, "acme"), held))
                .isEqualTo("held bytes of the tenant: 1049510 (expected: at most 1048576, budgets.max_held_bytes)");
        assertThat(policy.tooMuch(Waiters.of(fit + 1, "beta"), held)).isNull();
    }

    @Test
    void shouldHoldNoMoreBytesOfAPartitionThanItMayOfATenantWithItsPart() {
        // Given
        HeldPolicy policy = policy("budgets.max_held_bytes=1MiB", "budgets.max_held_partition_bytes=1MiB");
        int fit = (1 << 20) / 1_034;
        for (int i = 0; i < fit; i++) {
            held.add(Waiters.of(i, "tenant-" + i % 2), NOW);
        }

        // When / Then
        assertThat(policy.tooMuch(Waiters.of(fit, "tenant-0"), held))
                .isEqualTo("held bytes of the partition: 1049510"
                        + " (expected: at most 1048576, budgets.max_held_partition_bytes)");
        assertThat(policy.tooMuch(Waiters.of(fit, "acme"), held)).isNull();
    }

    @Test
    void shouldHoldOfEachTenantAsMuchAsItsPartHoweverMuchOthersHold() {
        // Given
        HeldPolicy policy = policy("budgets.max_held_bytes=1MiB", "budgets.max_held_partition_bytes=1MiB");
        int fit = (1 << 20) / 1_034;
        for (int i = 0; i < fit; i++) {
            held.add(Waiters.of(i, "first"), NOW);
        }

        // When
        int second = 0;
        while (policy.tooMuch(Waiters.of(fit + second, "second"), held) == null) {
            held.add(Waiters.of(fit + second, "second"), NOW);
            second++;
        }

        // Then
        assertThat(second).isEqualTo((1 << 19) / 1_034);
    }

    private static HeldPolicy policy(String... sets) {
        return new HeldPolicy(PenstockConfig.of(sets).budgets());
    }
}
