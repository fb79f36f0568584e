package dev.penstock.fake;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** How long a call takes. */
public sealed interface Latency {

    Latency NONE = new Fixed(Duration.ZERO);

    /**
     * @param draw uniform in 0..1
     */
    Duration at(double draw);

    /** The same for every call. */
    record Fixed(Duration value) implements Latency {
        @Override
        public Duration at(double draw) {
            return value;
        }
    }

    /**
     * A distribution by some of its percentiles, straight lines in between.
     *
     * @param table from percentile (0 to 100) to latency
     */
    record Percentiles(NavigableMap<Double, Duration> table) implements Latency {

        public Percentiles {
            table = new TreeMap<>(table);
            if (table.isEmpty() || table.firstKey() < 0 || table.lastKey() > 100) {
                throw new ScriptException("latency", table.keySet(), "at least one percentile, 0..100");
            }
        }

        @Override
        public Duration at(double draw) {
            double percentile = draw * 100;
            Map.Entry<Double, Duration> below = table.floorEntry(percentile);
            Map.Entry<Double, Duration> above = table.ceilingEntry(percentile);
            if (below == null || above == null || below.getKey().equals(above.getKey())) {
                return below != null ? below.getValue() : table.firstEntry().getValue();
            }
            double way = (percentile - below.getKey()) / (above.getKey() - below.getKey());
            long nanos = below.getValue().toNanos();
            return Duration.ofNanos(nanos + Math.round(way * (above.getValue().toNanos() - nanos)));
        }
    }
}
