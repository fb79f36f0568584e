package dev.penstock.pipeline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What an operator reads of Kafka's own metrics, under Kafka's names. Kafka has one for each thread, task and client, about
 * a thousand in all; these are the sum or the largest of each, so that their number does not grow with partitions.
 */
final class KafkaMeters {

    private enum Kind {
        /** Something that only grows, summed. */
        TOTAL,
        /** Something that is there now, summed. */
        SUM,
        /** The largest. */
        MAX
    }

    private record Meter(String group, String name, Kind kind, String description) {

        /** The name that Micrometer's own binder has for it. */
        String meterName() {
            return "kafka." + (group.replaceFirst("-metrics$", "") + "." + name).replace('-', '.');
        }

        boolean isOf(MetricName metric) {
            return metric.name().equals(name) && metric.group().equals(group);
        }

        double of(DoubleStream values) {
            return kind == Kind.MAX ? values.max().orElse(0) : values.sum();
        }
    }

    private static final List<Meter> METERS = List.of(
            new Meter("stream-metrics", "alive-stream-threads", Kind.SUM, "Stream threads that run"),
            new Meter("stream-metrics", "failed-stream-threads", Kind.SUM, "Stream threads that failed"),
            new Meter("stream-thread-metrics", "commit-total", Kind.TOTAL, "Commits"),
            new Meter("stream-thread-metrics", "commit-latency-avg", Kind.MAX, "Time of a commit, ms, slowest thread"),
            new Meter("stream-thread-metrics", "commit-latency-max", Kind.MAX, "Longest commit of late, ms"),
            new Meter("stream-thread-metrics", "process-total", Kind.TOTAL, "Records processed"),
            new Meter("stream-thread-metrics", "process-ratio", Kind.MAX, "Share of its time that a thread processes"),
            new Meter("stream-task-metrics", "dropped-records-total", Kind.TOTAL, "Records dropped: none, ever"),
            new Meter("consumer-coordinator-metrics", "rebalance-total", Kind.TOTAL, "Rebalances"),
            new Meter("consumer-coordinator-metrics", "failed-rebalance-total", Kind.TOTAL, "Rebalances that failed"),
            new Meter("consumer-coordinator-metrics", "rebalance-latency-max", Kind.MAX, "Longest of late, ms"),
            new Meter("consumer-metrics", "failed-authentication-total", Kind.TOTAL, "Logins refused"),
            new Meter("producer-metrics", "failed-authentication-total", Kind.TOTAL, "Logins refused"),
            new Meter("producer-metrics", "record-send-total", Kind.TOTAL, "Records written"),
            new Meter("producer-metrics", "record-retry-total", Kind.TOTAL, "Records sent again"),
            new Meter("producer-metrics", "record-error-total", Kind.TOTAL, "Records that could not be written"));

    /** Of RocksDB, for each store. */
    private static final List<Meter> STORE_METERS = List.of(
            new Meter("stream-state-metrics", "estimate-num-keys", Kind.SUM, "Entries, about"),
            new Meter("stream-state-metrics", "total-sst-files-size", Kind.SUM, "Bytes on disk"));

    private static final String STORE_TAG = "rocksdb-state-id";

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;

    /** @param metrics those of Kafka Streams and its clients, as they are now */
    KafkaMeters(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        this.metrics = metrics;
    }

    void register(MeterRegistry meters, List<String> stores) {
        METERS.forEach(meter -> register(meters, meter));
        for (String store : stores) {
            STORE_METERS.forEach(meter -> Gauge.builder(meter.meterName(), () -> ofStore(meter, store))
                    .description(meter.description())
                    .tag("store", store)
                    .register(meters));
        }
    }

    private void register(MeterRegistry meters, Meter meter) {
        if (meter.kind() == Kind.TOTAL) {
            FunctionCounter.builder(meter.meterName(), this, from -> from.of(meter))
                    .description(meter.description())
                    .register(meters);
        } else {
            Gauge.builder(meter.meterName(), () -> of(meter))
                    .description(meter.description())
                    .register(meters);
        }
    }

    private double of(Meter meter) {
        return meter.of(values(meter, null));
    }

    private double ofStore(Meter meter, String store) {
        return meter.of(values(meter, store));
    }

    private DoubleStream values(Meter meter, @Nullable String store) {
        return metrics.get().values().stream()
                .filter(metric -> meter.isOf(metric.metricName()))
                .filter(metric ->
                        store == null || store.equals(metric.metricName().tags().get(STORE_TAG)))
                .map(Metric::metricValue)
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .filter(Double::isFinite);
    }
}
