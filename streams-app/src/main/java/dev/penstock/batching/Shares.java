package dev.penstock.batching;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Splits the bill of a shared call, so that the parts add up to it exactly. Each part is its proportion rounded down; what
 * is left goes by one to the largest remainders, and among equal ones to the member that came first.
 */
final class Shares {

    /** Decimals of a share of money, so that a bill of one cent does not go to one member alone. */
    static final int USD_SCALE = 12;

    private Shares() {}

    /**
     * What a member weighs, by our own count.
     *
     * @param promptTokens of its text
     * @param answerTokens of its answer; 0 if it has none
     */
    record Weight(long promptTokens, long answerTokens) {
        Weight {
            if (promptTokens < 0 || answerTokens < 0) {
                throw new IllegalArgumentException(
                        "tokens: " + promptTokens + ", " + answerTokens + " (expected: at least 0)");
            }
        }
    }

    /** Every member pays its part of the input, also one that is asked again; the output is paid by those who have it. */
    static List<Share> of(@Nullable TokenUsage bill, @Nullable BigDecimal costUsd, List<Weight> members) {
        long[] asked = members.stream().mapToLong(Weight::promptTokens).toArray();
        long[] answered = members.stream().mapToLong(Weight::answerTokens).toArray();
        List<TokenUsage> usages = bill == null ? List.of() : usages(bill, asked, answered);
        long[] weights = bill == null
                ? IntStream.range(0, asked.length)
                        .mapToLong(i -> asked[i] + answered[i])
                        .toArray()
                : usages.stream().mapToLong(TokenUsage::totalTokens).toArray();
        List<BigDecimal> costs = costUsd == null ? List.of() : split(costUsd, weights);
        return IntStream.range(0, members.size())
                .mapToObj(i -> new Share(bill == null ? null : usages.get(i), costUsd == null ? null : costs.get(i)))
                .toList();
    }

    private static List<TokenUsage> usages(TokenUsage bill, long[] asked, long[] answered) {
        long[] prompt = split(bill.promptTokens(), asked);
        long[] completion = split(bill.completionTokens(), answered);
        // A part of a part: weighed by what it is a part of, no member has more cached tokens than tokens.
        long[] cached = split(bill.cachedTokens(), prompt);
        long[] reasoning = split(bill.reasoningTokens(), completion);
        return IntStream.range(0, asked.length)
                .mapToObj(i -> new TokenUsage(prompt[i], completion[i], cached[i], reasoning[i]))
                .toList();
    }

    /** Splits an amount of money. */
    static List<BigDecimal> split(BigDecimal total, long[] weights) {
        BigDecimal fine = total.setScale(Math.max(total.scale(), USD_SCALE));
        return parts(fine.unscaledValue(), weights).stream()
                .map(part -> new BigDecimal(part, fine.scale()))
                .toList();
    }

    /** Splits a number of tokens. */
    static long[] split(long total, long[] weights) {
        return parts(BigInteger.valueOf(total), weights).stream()
                .mapToLong(BigInteger::longValueExact)
                .toArray();
    }

    private static List<BigInteger> parts(BigInteger total, long[] weights) {
        boolean weightless = LongStream.of(weights).allMatch(weight -> weight == 0);
        List<BigInteger> exact = LongStream.of(weights)
                .map(weight -> weightless ? 1 : weight)
                .mapToObj(BigInteger::valueOf)
                .toList();
        BigInteger sum = exact.stream().reduce(BigInteger.ZERO, BigInteger::add);
        List<BigInteger> parts = new ArrayList<>();
        List<BigInteger> remainders = new ArrayList<>();
        BigInteger left = total;
        for (BigInteger weight : exact) {
            BigInteger[] divided = total.multiply(weight).divideAndRemainder(sum);
            parts.add(divided[0]);
            remainders.add(divided[1]);
            left = left.subtract(divided[0]);
        }
        largest(remainders)
                .limit(left.longValueExact())
                .forEach(i -> parts.set(i, parts.get(i).add(BigInteger.ONE)));
        return parts;
    }

    private static Stream<Integer> largest(List<BigInteger> remainders) {
        return IntStream.range(0, remainders.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> remainders.get(i)).reversed());
    }
}
