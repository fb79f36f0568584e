package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;

/**
 * US dollars for one token of each kind, exact.
 *
 * @param input a token of the prompt that the provider had not cached
 * @param cachedInput a token of the prompt that it had
 * @param cacheWrite a token of the prompt that it puts into its cache; no usage tells these apart, so only worst cases use it
 * @param output a token of the answer that is seen
 * @param reasoning a token of the answer that is not
 */
public record Rates(
        BigDecimal input, BigDecimal cachedInput, BigDecimal cacheWrite, BigDecimal output, BigDecimal reasoning) {

    /**
     * What a call cost. Usage counts cached tokens among the input and reasoning among the output. Where a provider counts
     * them beside it, so that the part is larger than the whole, all of the part is paid for.
     */
    BigDecimal cost(TokenUsage usage) {
        long fresh = Math.max(0, usage.promptTokens() - usage.cachedTokens());
        long seen = Math.max(0, usage.completionTokens() - usage.reasoningTokens());
        return times(input, fresh)
                .add(times(cachedInput, usage.cachedTokens()))
                .add(times(output, seen))
                .add(times(reasoning, usage.reasoningTokens()));
    }

    /** The most that these tokens can cost, whatever their kinds. */
    BigDecimal worst(long inputTokens, long outputTokens) {
        BigDecimal dearestInput = input.max(cachedInput).max(cacheWrite);
        return times(dearestInput, inputTokens).add(times(output.max(reasoning), outputTokens));
    }

    private static BigDecimal times(BigDecimal rate, long tokens) {
        return rate.multiply(BigDecimal.valueOf(tokens));
    }
}
