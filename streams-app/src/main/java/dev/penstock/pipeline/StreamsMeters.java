package dev.penstock.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Of some thousand meters of Kafka's, those that an operator reads, added up over threads, tasks and partitions: so many series and no more, whatever the
 * number of partitions. They are read in one pass, at most once a second.
 */
final class StreamsMeters implements MeterBinder {

    private static final long FRESH_NANOS = 1_000_000_000;
    private static final String THREADS = "stream-thread-metrics";

    private final Supplier<? extends Map<MetricName, ? extends Metric>> source;
    private final Topics topics;
    private final RestoreProgress restore;
    private final LongSupplier nanos;
    private Found found = new Found(Map.of(), Map.of());
    private long readAt;
    private boolean isRead;

    /** Meters of Kafka's that are shown under names of our own. */
    private enum Shown {
        ALIVE_THREADS("stream-metrics", "alive-stream-threads", "alive.threads", "Stream threads that run", true),
        FAILED_THREADS(
                "stream-metrics", "failed-stream-threads", "failed.threads", "Stream threads that have failed", true),
        PROCESSED(THREADS, "process-rate", "processed.per.second", "Records that the stages took", true),
        COMMITS(THREADS, "commit-rate", "commits.per.second", "Transactions", true),
        COMMIT_LATENCY(
                THREADS, "commit-latency-max", "commit.latency.max.milliseconds", "Longest commit of late", false),
        POLL_LATENCY(THREADS, "poll-latency-max", "poll.latency.max.milliseconds", "Longest poll of late", false),
        TASKS_CREATED(THREADS, "task-created-total", "tasks.created", "Tasks that this instance was given", true),
        TASKS_CLOSED(THREADS, "task-closed-total", "tasks.closed", "Tasks that it gave away again", true),
        DROPPED(
                "stream-task-metrics",
                "dropped-records-total",
                "dropped.records",
                "Records that Kafka Streams passed over",
                true),
        REBALANCES(
                "consumer-coordinator-metrics",
                "rebalance-total",
                "rebalances",
                "Rebalances that it took part in",
                true);

        private final String group;
        private final String name;
        private final String ownName;
        private final String meaning;
        private final boolean summed;

        Shown(String group, String name, String ownName, String meaning, boolean summed) {
            this.group = group;
            this.name = name;
            this.ownName = ownName;
            this.meaning = meaning;
            this.summed = summed;
        }

        private double together(double one, double other) {
            return summed ? one + other : Math.max(one, other);
        }
    }

    private record Found(Map<Shown, Double> shown, Map<String, Double> lag) {}

    /** @param source all that Kafka measures */
    StreamsMeters(
            Supplier<? extends Map<MetricName, ? extends Metric>> source,
            Topics topics,
            RestoreProgress restore,
            LongSupplier nanos) {
        this.source = source;
        this.topics = topics;
        this.restore = restore;
        this.nanos = nanos;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Shown shown : Shown.values()) {
            gauge(
                            "penstock.streams." + shown.ownName,
                            shown.meaning,
                            () -> found().shown().getOrDefault(shown, 0.0))
                    .register(registry);
        }
        for (String topic :
                List.of(topics.requests(), topics.rerouted(), topics.outcomes(), topics.usage(), topics.tenants())) {
            gauge(
                            "penstock.streams.lag",
                            "Records that are written and not read yet",
                            () -> found().lag().getOrDefault(topic, 0.0))
                    .tag("topic", topic)
                    .register(registry);
        }
        gauge("penstock.restore.changelogs", "Changelogs that are being read back", restore::changelogs)
                .register(registry);
        gauge("penstock.restore.records", "Records of them that are still to be read", restore::records)
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Number>> gauge(String name, String meaning, Supplier<Number> value) {
        return Gauge.builder(name, value).description(meaning).strongReference(true);
    }

    private synchronized Found found() {
        long now = nanos.getAsLong();
        if (!isRead || now - readAt > FRESH_NANOS) {
            found = read(source.get());
            readAt = now;
            isRead = true;
        }
        return found;
    }

    private static Found read(Map<MetricName, ? extends Metric> metrics) {
        Map<Shown, Double> shown = new HashMap<>();
        Map<String, Double> lag = new HashMap<>();
        metrics.forEach((name, metric) -> {
            if (name.name().equals("records-lag") && name.tags().containsKey("partition")) {
                String topic = name.tags().getOrDefault("topic", "");
                lag.merge(topic, number(metric), Double::sum);
                return;
            }
            for (Shown each : Shown.values()) {
                if (each.name.equals(name.name()) && each.group.equals(name.group())) {
                    shown.merge(each, number(metric), each::together);
                }
            }
        });
        return new Found(shown, lag);
    }

    private static double number(Metric metric) {
        return metric.metricValue() instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : 0;
    }
}
