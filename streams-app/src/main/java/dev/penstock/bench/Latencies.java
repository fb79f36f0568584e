package dev.penstock.bench;

import java.util.Arrays;

/** Percentiles of a set of durations. */
record Latencies(double p50, double p90, double p99, double max) {

    /** @param nanos the durations; not kept */
    static Latencies ofNanos(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(at(sorted, 0.50), at(sorted, 0.90), at(sorted, 0.99), at(sorted, 1));
    }

    /** Nearest rank, in milliseconds with two decimals. */
    private static double at(long[] sorted, double quantile) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(quantile * sorted.length) - 1;
        return Math.round(sorted[Math.max(0, rank)] / 10_000.0) / 100.0;
    }
}
