package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A call is worth as many turns as what it claims takes of the token rate. */
class TokenTurnsTest {

    private final StackFixture stack =
            new StackFixture(target("free"), target("mini", "q", 0, 60_000, 1_000), target("slow", "s", 10, 0, 1_000));

    @Test
    void shouldBeWorthATurnForEachTenMillisecondsOfTheRate() {
        // When / Then
        assertThat(turns(0, "mini")).isOne();
        assertThat(turns(10, "mini")).isOne();
        assertThat(turns(1_000, "mini")).isEqualTo(100);
    }

    @Test
    void shouldBeWorthAMinuteAtMostWhateverItClaims() {
        // When / Then
        assertThat(turns(128_000, "mini")).isEqualTo(6_000);
        assertThat(turns(Long.MAX_VALUE, "mini")).isEqualTo(6_000);
        assertThat(turns(-1, "mini")).isOne();
    }

    @Test
    void shouldBeWorthTheSameWhicheverTargetOfTheChainTakesIt() {
        // When / Then
        assertThat(turns(1_000, "gone", "free", "mini")).isEqualTo(100);
        assertThat(turns(1_000, "mini", "free")).isEqualTo(100);
    }

    @Test
    void shouldBeWorthOneWhereNoTokenRateIs() {
        // When / Then
        assertThat(turns(1_000_000, "free", "slow")).isOne();
        assertThat(turns(1_000_000)).isOne();
    }

    @Test
    void shouldDrawOnTheAccountOfTheFirstTokenRate() {
        // When / Then
        assertThat(stack.targets.accountOf(List.of("gone", "free", "mini"))).isEqualTo("q");
        assertThat(stack.targets.accountOf(List.of("free", "slow"))).isNull();
    }

    private long turns(long tokens, String... chain) {
        return stack.targets.turnsOf(List.of(chain), tokens);
    }
}
