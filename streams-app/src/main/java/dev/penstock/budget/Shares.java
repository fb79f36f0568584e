package dev.penstock.budget;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides what a shared call came to among its members, so that the shares are exactly the whole: each gets its part
 * rounded down, and what is left goes, unit by unit, to those whose part was cut most; of two equals, to the first.
 */
public final class Shares {

    /** A millionth of a millionth of a dollar; finer where the bill itself is. */
    private static final int SCALE = 12;

    private Shares() {}

    /**
     * Shares of an amount of US dollars.
     *
     * @param weights of the members, at least one, none negative; all zero counts as all equal
     */
    public static List<BigDecimal> ofUsd(BigDecimal bill, List<Long> weights) {
        BigDecimal units = bill.setScale(Math.max(SCALE, bill.scale()));
        return divide(units.unscaledValue(), weights).stream()
                .map(share -> new BigDecimal(share, units.scale()))
                .toList();
    }

    /** Shares of a number of tokens. */
    public static List<Long> ofTokens(long tokens, List<Long> weights) {
        return divide(BigInteger.valueOf(tokens), weights).stream()
                .map(BigInteger::longValueExact)
                .toList();
    }

    private static List<BigInteger> divide(BigInteger whole, List<Long> weights) {
        List<BigInteger> parts = weights(weights);
        BigInteger total = parts.stream().reduce(BigInteger.ZERO, BigInteger::add);
        List<BigInteger> shares = new ArrayList<>();
        List<BigInteger> cut = new ArrayList<>();
        for (BigInteger part : parts) {
            BigInteger[] divided = whole.multiply(part).divideAndRemainder(total);
            shares.add(divided[0]);
            cut.add(divided[1]);
        }
        int left = whole.subtract(shares.stream().reduce(BigInteger.ZERO, BigInteger::add))
                .intValueExact();
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> cut.get(i)).reversed())
                .limit(left)
                .forEach(i -> shares.set(i, shares.get(i).add(BigInteger.ONE)));
        return shares;
    }

    private static List<BigInteger> weights(List<Long> weights) {
        if (weights.isEmpty() || weights.stream().anyMatch(weight -> weight < 0)) {
            throw new IllegalArgumentException("weights: " + weights + " (expected: at least one, none below 0)");
        }
        boolean equal = weights.stream().allMatch(weight -> weight == 0);
        return weights.stream()
                .map(weight -> BigInteger.valueOf(equal ? 1 : weight))
                .toList();
    }
}
