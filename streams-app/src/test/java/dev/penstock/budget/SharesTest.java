package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void shouldGiveTheRestToThoseWhosePartWasCutMost() {
        assertThat(Shares.ofTokens(10, List.of(1L, 1L, 1L))).containsExactly(4L, 3L, 3L);
        assertThat(Shares.ofTokens(100, List.of(1L, 2L, 3L))).containsExactly(17L, 33L, 50L);
        assertThat(Shares.ofTokens(7, List.of(0L, 0L))).containsExactly(4L, 3L);
        assertThat(Shares.ofTokens(7, List.of(0L, 5L))).containsExactly(0L, 7L);
        assertThat(Shares.ofUsd(new BigDecimal("0.10"), List.of(1L, 1L, 1L)))
                .containsExactly(
                        new BigDecimal("0.033333333334"),
                        new BigDecimal("0.033333333333"),
                        new BigDecimal("0.033333333333"));
    }

    @Test
    void shouldAddUpToTheBill() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            // Given
            BigDecimal bill = BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), random.nextInt(21));
            List<Long> weights = new ArrayList<>();
            for (int member = 0; member <= random.nextInt(64); member++) {
                weights.add(random.nextInt(4) == 0 ? 0L : random.nextLong(1_000_000_000_000L));
            }

            // When
            List<BigDecimal> shares = Shares.ofUsd(bill, weights);

            // Then
            assertThat(shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(bill);
            assertThat(shares).hasSameSizeAs(weights).allMatch(share -> share.signum() >= 0);
            assertThat(Shares.ofUsd(bill, weights)).isEqualTo(shares);
        }
    }

    @Test
    void shouldRefuseWeightsThatAreNone() {
        assertThatThrownBy(() -> Shares.ofTokens(1, List.of())).hasMessageContaining("weights: []");
        assertThatThrownBy(() -> Shares.ofTokens(1, List.of(-1L))).hasMessageContaining("weights: [-1]");
    }
}
