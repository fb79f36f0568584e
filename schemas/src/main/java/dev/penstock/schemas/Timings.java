package dev.penstock.schemas;

/**
 * Where a request's time went, in milliseconds. A time below zero, which a clock that was set back can measure, counts as
 * zero.
 *
 * @param queueMillis from intake to the last attempt's start
 * @param providerMillis within the provider call
 * @param totalMillis from intake to the result
 */
public record Timings(long queueMillis, long providerMillis, long totalMillis) {
    public Timings {
        queueMillis = Math.max(0, queueMillis);
        providerMillis = Math.max(0, providerMillis);
        totalMillis = Math.max(0, totalMillis);
    }
}
