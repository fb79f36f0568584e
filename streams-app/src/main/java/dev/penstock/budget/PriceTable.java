package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What models cost. A model is looked up by its exact name: a price of something similar would be a guess.
 *
 * @param version as its author named it, or a digest of the prices; stands in usage events
 * @param prices by model
 * @param leftOut models of the source whose way of charging cannot be expressed, and so have no known price
 */
public record PriceTable(String version, Map<String, Price> prices, List<String> leftOut) {

    /** Knows no price. */
    public static final PriceTable EMPTY = new PriceTable("none", Map.of(), List.of());

    public PriceTable {
        prices = Map.copyOf(prices);
        leftOut = List.copyOf(leftOut);
    }

    /** The price of a model, if it is known. */
    public Optional<Price> price(String model) {
        return Optional.ofNullable(prices.get(model));
    }

    /**
     * What a call cost.
     *
     * @param batched whether it went through the provider's own batch interface
     */
    public Cost cost(String model, TokenUsage usage, boolean batched) {
        Price price = prices.get(model);
        return price == null ? new Cost.UnknownPrice(model) : new Cost.Known(price.cost(usage, batched));
    }

    /** The most that a call with at most these tokens can cost. */
    public Cost worst(String model, long inputTokens, long outputTokens) {
        Price price = prices.get(model);
        return price == null ? new Cost.UnknownPrice(model) : new Cost.Known(price.worst(inputTokens, outputTokens));
    }
}
