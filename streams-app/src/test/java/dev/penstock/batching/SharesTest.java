package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.batching.Shares.Weight;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharesTest {

    @Test
    void shouldGiveWhatIsLeftToTheLargestRemainders() {
        // 10 * 2/7 = 2.86, 10 * 1/7 = 1.43, 10 * 4/7 = 5.71
        assertThat(Shares.split(10, new long[] {2, 1, 4})).containsExactly(3, 1, 6);
    }

    @Test
    void shouldGiveWhatIsLeftAmongEqualsToTheFirst() {
        assertThat(Shares.split(5, new long[] {1, 1, 1})).containsExactly(2, 2, 1);
        assertThat(Shares.split(5, new long[] {0, 0, 0})).containsExactly(2, 2, 1);
    }

    @Test
    void shouldSplitACentFinely() {
        assertThat(Shares.split(new BigDecimal("0.01"), new long[] {1, 1, 1}))
                .containsExactly(
                        new BigDecimal("0.003333333334"),
                        new BigDecimal("0.003333333333"),
                        new BigDecimal("0.003333333333"));
    }

    @Test
    void shouldLetAMemberWithoutAnswerPayItsInputAlone() {
        // Given
        TokenUsage bill = new TokenUsage(300, 50, 0, 0);

        // When
        List<Share> shares = Shares.of(bill, BigDecimal.ONE, List.of(new Weight(10, 5), new Weight(20, 0)));

        // Then
        assertThat(shares)
                .containsExactly(
                        new Share(new TokenUsage(100, 50, 0, 0), new BigDecimal("0.428571428571")),
                        new Share(new TokenUsage(200, 0, 0, 0), new BigDecimal("0.571428571429")));
    }

    @Test
    void shouldSplitACostByOurOwnCountWhereTheUsageIsUnknown() {
        // When
        List<Share> shares = Shares.of(null, new BigDecimal("3"), List.of(new Weight(1, 0), new Weight(1, 1)));

        // Then
        assertThat(shares)
                .containsExactly(
                        new Share(null, new BigDecimal("1.000000000000")),
                        new Share(null, new BigDecimal("2.000000000000")));
    }

    @Test
    void shouldSplitNothingWhereNothingIsKnown() {
        assertThat(Shares.of(null, null, List.of(new Weight(1, 1)))).containsExactly(new Share(null, null));
    }

    @Test
    void shouldRefuseANegativeWeight() {
        assertThatThrownBy(() -> new Weight(-1, 0)).hasMessage("tokens: -1, 0 (expected: at least 0)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldAddUpToTheBill(long seed) {
        // Given
        Random random = new Random(seed);
        long most = random.nextBoolean() ? 50 : TokenUsage.MAX_TOKENS;
        long prompt = random.nextLong(most + 1);
        long completion = random.nextLong(most + 1);
        TokenUsage bill =
                new TokenUsage(prompt, completion, random.nextLong(prompt + 1), random.nextLong(completion + 1));
        BigDecimal cost = new BigDecimal(new BigInteger(1 + random.nextInt(60), random), random.nextInt(31));
        List<Weight> members = Stream.generate(() -> new Weight(weight(random), weight(random)))
                .limit(1 + random.nextInt(12))
                .toList();

        // When
        List<Share> shares = Shares.of(bill, cost, members);

        // Then
        assertThat(sum(shares, TokenUsage::promptTokens)).isEqualTo(bill.promptTokens());
        assertThat(sum(shares, TokenUsage::completionTokens)).isEqualTo(bill.completionTokens());
        assertThat(sum(shares, TokenUsage::cachedTokens)).isEqualTo(bill.cachedTokens());
        assertThat(sum(shares, TokenUsage::reasoningTokens)).isEqualTo(bill.reasoningTokens());
        BigDecimal paid = shares.stream()
                .map(share -> Objects.requireNonNull(share.costUsd()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(paid).isEqualByComparingTo(cost);
        assertThat(shares).allSatisfy(share -> {
            TokenUsage usage = Objects.requireNonNull(share.usage());
            assertThat(usage.cachedTokens()).isLessThanOrEqualTo(usage.promptTokens());
            assertThat(usage.reasoningTokens()).isLessThanOrEqualTo(usage.completionTokens());
            assertThat(Objects.requireNonNull(share.costUsd())).isNotNegative();
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#few")
    void shouldBeWithinOneOfTheProportion(long seed) {
        // Given
        Random random = new Random(seed);
        long[] weights =
                LongStream.generate(() -> 1 + random.nextInt(1_000)).limit(7).toArray();
        long total = random.nextInt(100_000);

        // When
        long[] parts = Shares.split(total, weights);

        // Then
        long sum = LongStream.of(weights).sum();
        for (int i = 0; i < parts.length; i++) {
            assertThat(Math.abs(parts[i] - (double) total * weights[i] / sum)).isLessThan(1);
        }
    }

    private static long weight(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong(TokenUsage.MAX_TOKENS);
            default -> random.nextInt(200);
        };
    }

    private static long sum(List<Share> shares, ToLongFunction<TokenUsage> tokens) {
        return shares.stream()
                .mapToLong(share -> tokens.applyAsLong(Objects.requireNonNull(share.usage())))
                .sum();
    }
}
