package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Five hundred requests with names of their own ask the same at once, and nothing is cached yet: one call answers them. */
@Execution(ExecutionMode.CONCURRENT)
class CoalescedIT {

    private static final int REQUESTS = 500;

    @Test
    void shouldMakeOneCallForIdenticalRequests() {
        try (Rig rig = Rig.start("coalesced")) {
            // Given
            rig.fake().hold();
            AppChild app =
                    rig.launch(rig.spec("one").with("provider.timeout", "5m").with("cache.enabled", "true"));
            app.awaitReady();

            // When
            rig.sender().send(identical());
            rig.awaitRead();
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            List<JsonNode> results = ResultSections.of(rig);
            assertThat(results).hasSize(REQUESTS);
            assertThat(rig.fake().calls()).hasSize(1);
            assertThat(results.stream()
                            .collect(Collectors.groupingBy(
                                    result -> result.path("source").asString(), Collectors.counting())))
                    .containsEntry("provider", 1L)
                    .doesNotContainKey("duplicate");
            assertThat(results)
                    .filteredOn(result -> !result.path("source").asString().equals("provider"))
                    .allSatisfy(result -> {
                        assertThat(result.at("/usage/total_tokens").asLong()).isZero();
                        assertThat(result.at("/cached_usage/total_tokens").asLong())
                                .isPositive();
                    });
            assertThat(app.pages().get("/metrics").text())
                    .contains("penstock_cache_followers_total{event=\"coalesced\"}")
                    .contains("penstock_cache_lookups_total{result=\"miss\"}");
            Judgement.judge(rig);
        }
    }

    private static List<Workload.Line> identical() {
        Workload.Line asked = Workload.line("crowd", "twin", "");
        return IntStream.range(0, REQUESTS)
                .mapToObj(number -> new Workload.Line(
                        asked.tenant(),
                        "twin-" + number,
                        asked.json().replace("\"custom_id\":\"twin\"", "\"custom_id\":\"twin-" + number + "\"")))
                .toList();
    }
}
