package dev.penstock.budget;

import java.math.BigDecimal;

/** What tokens cost. A price that nobody knows is not zero. */
public sealed interface Cost {

    /** @param usd US dollars, exact */
    record Known(BigDecimal usd) implements Cost {}

    /** @param model what the price table has no entry for */
    record UnknownPrice(String model) implements Cost {}
}
