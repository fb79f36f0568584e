package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.util.List;

/**
 * What one model costs.
 *
 * @param bands by prompt length, ascending; the first is for the shortest prompts
 */
public record Price(List<Band> bands) {

    public Price {
        bands = List.copyOf(bands);
        if (bands.isEmpty() || bands.getFirst().above() != 0) {
            throw new IllegalArgumentException(
                    "bands: " + bands.size() + " (expected: at least one, the first above 0)");
        }
    }

    /** What a call cost; {@code batched} when it went through the provider's own batch interface. */
    BigDecimal cost(TokenUsage usage, boolean batched) {
        Band paid = bands.getFirst();
        for (Band band : bands) {
            if (usage.promptTokens() > band.above()) {
                paid = band;
            }
        }
        return paid.rates(batched).cost(usage);
    }

    /** The most that a call with at most these tokens can cost: a shorter prompt may fall into a dearer band. */
    BigDecimal worst(long inputTokens, long outputTokens) {
        BigDecimal worst = BigDecimal.ZERO;
        for (Band band : bands) {
            if (inputTokens >= band.above()) {
                worst = worst.max(band.standard().worst(inputTokens, outputTokens))
                        .max(band.rates(true).worst(inputTokens, outputTokens));
            }
        }
        return worst;
    }
}
