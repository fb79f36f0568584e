package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class StreamsMetersTest {

    private static final long SECOND = 1_000_000_000;

    private final Map<MetricName, Metric> kafka = new HashMap<>();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldAddUpWhatPartitionsAndThreadsSay() {
        // Given
        for (int partition = 0; partition < 24; partition++) {
            lag("llm.requests", partition, 10);
            lag("llm_requests", partition, 10);
        }
        lag("llm.outcomes", 0, Double.NaN);
        thread("one", "commit-latency-max", 7);
        thread("two", "commit-latency-max", 9);
        thread("one", "process-rate", 100);
        thread("two", "process-rate", 50);

        // When
        bind();

        // Then
        assertThat(gauge("penstock.streams.lag", "topic", "llm.requests")).isEqualTo(240);
        assertThat(gauge("penstock.streams.lag", "topic", "llm.outcomes")).isZero();
        assertThat(gauge("penstock.streams.commit.latency.max.milliseconds")).isEqualTo(9);
        assertThat(gauge("penstock.streams.processed.per.second")).isEqualTo(150);
    }

    @Test
    void shouldHaveAsManySeriesHoweverManyPartitionsThereAre() {
        // Given
        for (int partition = 0; partition < 1_000; partition++) {
            lag("llm.requests", partition, 1);
        }

        // When
        bind();

        // Then
        assertThat(meters.getMeters()).hasSizeLessThan(20);
    }

    @Test
    void shouldReadKafkaOnceForAScrape() {
        // Given
        bind();

        // When
        gauge("penstock.streams.lag", "topic", "llm.requests");
        gauge("penstock.streams.processed.per.second");
        nanos.addAndGet(2 * SECOND);
        gauge("penstock.streams.processed.per.second");

        // Then
        assertThat(reads).hasValue(2);
    }

    private void bind() {
        new StreamsMeters(this::read, new Topics("llm."), new RestoreProgress(), nanos::get).bindTo(meters);
    }

    private Map<MetricName, Metric> read() {
        reads.incrementAndGet();
        return kafka;
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    private void lag(String topic, int partition, double records) {
        put(
                "consumer-fetch-manager-metrics",
                "records-lag",
                records,
                Map.of("topic", topic, "partition", "" + partition));
    }

    private void thread(String id, String name, double value) {
        put("stream-thread-metrics", name, value, Map.of("thread-id", id));
    }

    private void put(String group, String name, double value, Map<String, String> tags) {
        MetricName metricName = new MetricName(name, group, "", tags);
        kafka.put(metricName, new Metric() {
            @Override
            public MetricName metricName() {
                return metricName;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        });
    }
}
