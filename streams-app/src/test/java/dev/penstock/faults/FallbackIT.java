package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The primary target answers 500 to everything: the fallback answers, and nobody waits out a backoff for it. */
@Execution(ExecutionMode.CONCURRENT)
class FallbackIT {

    private static final long ADDED_MILLIS = 1_000;

    @Test
    void shouldAnswerFromTheFallbackWithoutWaiting() {
        try (Rig rig = Rig.start("fallback")) {
            // Given
            rig.fake().follow("""
                    latency: 50ms
                    faults: [{status: 500, key: %s}]
                    """.formatted(TwoTargets.PRIMARY_KEY));
            AppChild app = rig.launch(TwoTargets.of(rig));
            app.awaitReady();
            Seed seed = Seed.next("fallback");

            // When
            for (int batch = 0; batch < 10; batch++) {
                rig.sender().send(new Workload("fallback-" + batch, 10).lines(50, seed));
                rig.awaitAllEnds();
            }

            // Then
            List<JsonNode> results = ResultSections.of(rig);
            assertThat(results).hasSize(500);
            assertThat(results)
                    .allSatisfy(result ->
                            assertThat(result.path("provider").asString()).isEqualTo("backup"));
            assertThat(results)
                    .as("attempts are listed, the failed ones too")
                    .anySatisfy(
                            result -> assertThat(ResultSections.targets(result)).containsExactly("primary", "backup"));
            assertThat(results.stream()
                            .mapToLong(ResultSections::addedMillis)
                            .sorted()
                            .skip(250)
                            .findFirst()
                            .orElseThrow())
                    .isLessThan(ADDED_MILLIS);
            assertThat(app.pages().get("/readyz?verbose").text()).contains("target primary: ");
            assertThat(app.pages().isReady()).isTrue();
            assertThat(app.pages().get("/metrics").text())
                    .contains("penstock_fallbacks_total{target=\"backup\"}")
                    .contains("gen_ai_client_operation_duration_seconds");
            assertThat(alerts(rig))
                    .as("an operator is told of the breaker")
                    .anySatisfy(alert -> assertThat(alert)
                            .contains("\"kind\":\"breaker\"")
                            .contains("\"subject\":\"primary\"")
                            .contains("\"to\":\"open\""));
            Judgement.judge(rig);
        }
    }

    private static List<String> alerts(Rig rig) {
        try (TopicReader reader =
                new TopicReader(rig.bootstrap(), Map.of(rig.topics().names().alerts(), Role.USAGE))) {
            return reader.readToEnd().stream()
                    .map(observed -> observed.message().value())
                    .toList();
        }
    }
}
