package dev.penstock.budget;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a request can cost at most: at the dearest of the targets that may be tried, all tokens at their dearest kind. */
public final class WorstCasePolicy {

    /** A dearer lane of the provider; the table's prices are not for it. */
    private static final String DEARER_TIER = "priority";

    private final PriceTable prices;

    public WorstCasePolicy(PriceTable prices) {
        this.prices = prices;
    }

    /**
     * The worst case of one call.
     *
     * @param counted the chat completion
     * @param targets those that may be tried, at least one
     */
    WorstCase of(CountedBody counted, List<PricedTarget> targets) {
        long input = 0;
        long output = 0;
        BigDecimal dearest = BigDecimal.ZERO;
        @Nullable Cost unknown = null;
        for (PricedTarget target : targets) {
            TokenBound in = counted.input(target);
            TokenBound out = counted.output(target);
            if (!(in instanceof TokenBound.AtMost inputBound)) {
                return unbounded(in);
            }
            if (!(out instanceof TokenBound.AtMost outputBound)) {
                return unbounded(out);
            }
            input = Math.max(input, inputBound.tokens());
            output = Math.max(output, outputBound.tokens());
            switch (cost(counted.body(), target, inputBound.tokens(), outputBound.tokens())) {
                case Cost.Known known -> dearest = dearest.max(known.usd());
                case Cost.UnknownPrice unpriced -> unknown = unpriced;
            }
        }
        return new WorstCase.Bounded(input, output, unknown == null ? new Cost.Known(dearest) : unknown);
    }

    private Cost cost(JsonNode body, PricedTarget target, long input, long output) {
        JsonNode tier = body.path("service_tier");
        return tier.isString() && tier.stringValue().equals(DEARER_TIER)
                ? new Cost.UnknownPrice(target.price() + " with service_tier " + DEARER_TIER)
                : prices.worst(target.price(), input, output);
    }

    private static WorstCase unbounded(TokenBound bound) {
        return new WorstCase.Unbounded(bound instanceof TokenBound.Unbounded unbounded ? unbounded.what() : "nothing");
    }
}
