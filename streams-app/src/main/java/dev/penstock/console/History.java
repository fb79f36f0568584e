package dev.penstock.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last minutes in samples, so that a page that is opened now shows what was before. Of fixed size; safe for any number of threads. */
final class History {

    /** Between two samples. */
    static final Duration STEP = Duration.ofSeconds(2);

    private static final int KEPT = 300;
    private static final int LATENCY_STEPS = 15;
    private static final double P50 = 0.5;
    private static final double P95 = 0.95;

    private final Readings readings;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<Readings.Buckets> latencies = new ArrayDeque<>();
    private @Nullable Totals before;

    private record Totals(Instant at, double answered, double dead) {}

    History(Readings readings) {
        this.readings = readings;
    }

    /** Takes a sample, but the first time, when there is nothing to compare with. */
    synchronized void sample(Instant now) {
        Totals totals = new Totals(now, readings.count("penstock.results"), readings.count("penstock.dead.letters"));
        Readings.Buckets latency = readings.buckets("penstock.request.duration");
        Totals last = before;
        before = totals;
        if (last != null && now.isAfter(last.at)) {
            add(sample(last, totals, latency));
        }
        latencies.addLast(latency);
        if (latencies.size() > LATENCY_STEPS) {
            latencies.removeFirst();
        }
    }

    /** Those after a moment, oldest first. */
    synchronized List<Sample> after(Instant moment) {
        return samples.stream().filter(sample -> sample.at().isAfter(moment)).toList();
    }

    private Sample sample(Totals last, Totals now, Readings.Buckets latency) {
        double seconds = Duration.between(last.at, now.at).toMillis() / 1000.0;
        Readings.Buckets earlier = Objects.requireNonNullElse(latencies.peekFirst(), Readings.Buckets.NONE);
        return new Sample(
                now.at,
                Math.max(0, now.answered - last.answered) / seconds,
                Math.max(0, now.dead - last.dead) / seconds,
                latency.quantileSince(earlier, P50),
                latency.quantileSince(earlier, P95),
                readings.gauge("penstock.calls.in.flight"),
                readings.gauge("penstock.calls.waiting"));
    }

    private void add(Sample sample) {
        samples.addLast(sample);
        if (samples.size() > KEPT) {
            samples.removeFirst();
        }
    }
}
