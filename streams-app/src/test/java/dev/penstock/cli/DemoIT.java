package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoIT {

    private static final String EXAMPLES = "../examples/requests.jsonl";

    @TempDir
    Path directory;

    @Test
    void shouldBringEveryExampleToItsExpectedEnd() throws Exception {
        // Given
        long lines = Files.readAllLines(Path.of(EXAMPLES)).size();

        // When
        CapturedRun demo = CapturedRun.of("demo", "--file", EXAMPLES, "-o", "json");

        // Then
        assertThat(demo.err()).doesNotContain("expected");
        assertThat(demo.exitCode()).isZero();
        JsonNode report = new JsonMapper().readTree(demo.out().lines().toList().getLast());
        assertThat(report.get("requests").asLong()).isEqualTo(lines);
        assertThat(report.get("results").asLong() + report.get("dead_letters").asLong())
                .isEqualTo(lines);
        assertThat(report.get("provider_calls").asLong()
                        + report.get("duplicates").asLong())
                .isEqualTo(report.get("results").asLong());
        assertThat(report.get("by_code").get("idempotency.conflict").asLong()).isEqualTo(1);
    }

    @Test
    void shouldFailWhenALineEndsOtherwiseThanExpected() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("one.jsonl"), "not json\n");
        Files.writeString(directory.resolve("one.expected.jsonl"), "{\"line\":1,\"ends\":\"provider\"}\n");

        // When
        CapturedRun demo = CapturedRun.of("demo", "--file", file.toString());

        // Then
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.err()).contains("line 1: intake.malformed_json (expected: provider)");
        assertThat(demo.out())
                .contains("dead letter intake.malformed_json")
                .contains("1 requests: 0 results, 1 dead letters");
    }
}
