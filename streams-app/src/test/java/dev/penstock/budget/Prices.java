package dev.penstock.budget;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Prices for tests. */
final class Prices {

    private Prices() {}

    static PriceTable table(Map<String, Price> prices) {
        return new PriceTable("test", prices, List.of());
    }

    static Price of(Rates rates) {
        return new Price(List.of(new Band(0, rates, null)));
    }

    static Rates rates(String input, String cached, String output, String reasoning) {
        return new Rates(
                new BigDecimal(input),
                new BigDecimal(cached),
                new BigDecimal(input),
                new BigDecimal(output),
                new BigDecimal(reasoning));
    }
}
