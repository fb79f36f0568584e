package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.embedded.OwnBroker;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That {@code bench} measures and says what it measured; how much that is, no test asserts. */
@OwnBroker("bench starts the broker that it measures")
class BenchIT {

    @Test
    void shouldPrintEveryFigure() {
        // When
        CapturedRun bench = CapturedRun.of(
                "bench",
                "--requests",
                "200",
                "--rate",
                "400",
                "--provider-latency",
                "5",
                "--payload-bytes",
                "50",
                "--tenants",
                "3",
                "--partitions",
                "2",
                "--budget",
                "--policies",
                "3",
                "--warm-up",
                "0",
                "-o",
                "json");

        // Then
        assertThat(bench.exitCode()).as(bench.err()).isZero();
        JsonNode report = JsonMapper.shared().readTree(bench.out());
        assertThat(report.propertyNames())
                .containsExactly(
                        "requests",
                        "success_percent",
                        "throughput_per_s",
                        "added_latency_ms",
                        "attempts_per_request",
                        "in_flight_max",
                        "provider_calls_per_s_raw",
                        "cpu_s_per_1k",
                        "max_rss_mb",
                        "start_s");
        assertThat(report.get("added_latency_ms").propertyNames()).containsExactly("p50", "p90", "p99", "max");
        assertThat(report.get("requests").asInt()).isEqualTo(200);
        assertThat(report.get("success_percent").asDouble()).isEqualTo(100);
        assertThat(report.get("in_flight_max").asInt()).isPositive();
        assertThat(report.get("attempts_per_request").asDouble()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatCannotBeMeasured() {
        assertThat(CapturedRun.of("bench", "--partitions", "0"))
                .isEqualTo(new CapturedRun(2, "", "--partitions: 0 (expected: 1..1000)\n"));
    }
}
