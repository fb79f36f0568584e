package dev.penstock.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Reads the instance's meters by their names: what the page shows is what a scrape shows. */
final class Readings {

    private final MeterRegistry meters;

    Readings(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Of all counters of the name and tags; 0 if there are none. */
    double count(String name, String... tags) {
        return sum(meters.find(name).tags(tags).counters(), Counter::count);
    }

    /** Of all gauges of the name and tags; 0 if there are none. */
    double gauge(String name, String... tags) {
        return sum(meters.find(name).tags(tags).gauges(), Gauge::value);
    }

    /** Of all summaries of the name and tags. */
    double total(String name, String... tags) {
        return sum(meters.find(name).tags(tags).summaries(), DistributionSummary::totalAmount);
    }

    /** Counters that are not 0, by the value of a tag. */
    Map<String, Double> countsBy(String name, String tag) {
        Map<String, Double> counts = meters.find(name).counters().stream()
                .collect(Collectors.groupingBy(
                        counter -> tagOf(counter, tag), TreeMap::new, Collectors.summingDouble(Counter::count)));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** What a timer has in its buckets, in milliseconds; empty if there is no such timer yet. */
    Buckets buckets(String name) {
        Timer timer = meters.find(name).timer();
        if (timer == null) {
            return Buckets.NONE;
        }
        List<CountAtBucket> counts = List.of(timer.takeSnapshot().histogramCounts()).stream()
                .filter(bucket -> !Double.isInfinite(bucket.bucket()))
                .toList();
        return new Buckets(
                counts.stream()
                        .mapToDouble(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
                        .toArray(),
                counts.stream().mapToDouble(CountAtBucket::count).toArray(),
                timer.count());
    }

    private static <M extends Meter> double sum(Collection<M> found, ToDoubleFunction<M> value) {
        return found.stream().mapToDouble(value).filter(Double::isFinite).sum();
    }

    private static String tagOf(Meter meter, String name) {
        return Objects.requireNonNullElse(meter.getId().getTag(name), "");
    }

    /**
     * A histogram at one moment.
     *
     * @param bounds in milliseconds
     * @param counts at or below each bound since the start
     * @param total all since the start
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Buckets(double[] bounds, double[] counts, double total) {

        static final Buckets NONE = new Buckets(new double[0], new double[0], 0);

        /** The quantile of what came after an earlier moment; NaN if nothing came. */
        double quantileSince(Buckets earlier, double share) {
            double[] since = counts.clone();
            for (int i = 0; i < since.length && i < earlier.counts.length; i++) {
                since[i] -= earlier.counts[i];
            }
            return bounds.length == 0 ? Double.NaN : Quantile.of(share, bounds, since, total - earlier.total);
        }
    }
}
