/**
 * The stage that never lets a tenant overspend. Its heart is pure: prices, bounds and the ledger have no Kafka in them, and
 * every operation is given the time.
 *
 * <p>Receives tenant policies, usage events, and from dispatch the question whether a call may leave ({@link
 * dev.penstock.work.Reservations}) and what it cost. Answers the question; sends on budget statuses and alerts to the
 * outcome stage, and records that a foreign partitioner put elsewhere to the rerouted topic, once.
 *
 * <p>Prices and bounds: {@link dev.penstock.budget.PriceTable} says what tokens cost, {@link
 * dev.penstock.budget.InputBound} and {@link dev.penstock.budget.OutputBound} how many a request can use at most, {@link
 * dev.penstock.budget.WorstCasePolicy} what it can cost at most at any target that may be tried.
 *
 * <p>State: for each tenant a {@link dev.penstock.budget.Ledger} of a few hundred bytes (totals of each window), one
 * {@link dev.penstock.budget.Reservation} for each call that is not settled, and one {@link dev.penstock.budget.Charge}
 * for each event that was counted and may come again. {@link dev.penstock.budget.Accounts} keeps the three in step over
 * {@link dev.penstock.budget.LedgerEntries}.
 *
 * <p>What can go wrong: an unknown price, content without a bound (both denied under a limit, never guessed); a bill above
 * the worst case or usage of another gateway (counted, and admission stops until the reset); a reservation that nobody
 * settles (it expires and is charged at its worst case); a clock that goes back (time in a ledger does not).
 */
@NullMarked
package dev.penstock.budget;

import org.jspecify.annotations.NullMarked;
