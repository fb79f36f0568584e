package dev.penstock.budget;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Spend of a period that has not begun here: the clock of another gateway is a little fast.
 *
 * @param start of the period
 */
public record Ahead(Instant start, BigDecimal usd, BigDecimal tokens) {}
