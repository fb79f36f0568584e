package dev.penstock.console;

import java.time.Instant;

/**
 * How things were at one moment.
 *
 * @param answered results a second since the sample before
 * @param dead dead letters a second since then
 * @param p50 milliseconds from intake to result, of the last half minute; NaN if there was no result
 * @param p95 the same for the slowest twentieth
 * @param inFlight calls at providers
 * @param waiting calls that wait, parked ones included
 */
record Sample(Instant at, double answered, double dead, double p50, double p95, double inFlight, double waiting) {}
