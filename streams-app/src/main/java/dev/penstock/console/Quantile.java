package dev.penstock.console;

/** Estimates a quantile from counts in buckets, as Prometheus does: evenly spread within each bucket. */
final class Quantile {

    private Quantile() {}

    /**
     * @param share 0..1
     * @param bounds upper bounds, rising
     * @param counts how many were at or below each bound
     * @param total how many there were, those above the last bound included
     * @return in the unit of the bounds, and the last bound for what is above it; NaN if there were none
     */
    static double of(double share, double[] bounds, double[] counts, double total) {
        if (total <= 0) {
            return Double.NaN;
        }
        double rank = share * total;
        for (int i = 0; i < bounds.length; i++) {
            if (counts[i] >= rank) {
                return within(bounds, counts, i, rank);
            }
        }
        return bounds[bounds.length - 1];
    }

    private static double within(double[] bounds, double[] counts, int i, double rank) {
        double below = i == 0 ? 0 : counts[i - 1];
        double start = i == 0 ? 0 : bounds[i - 1];
        double in = counts[i] - below;
        return in <= 0 ? bounds[i] : start + (bounds[i] - start) * (rank - below) / in;
    }
}
