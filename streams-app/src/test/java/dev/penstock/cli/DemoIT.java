package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.embedded.OwnBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@OwnBroker("demo starts a broker of its own")
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

    @Test
    void shouldCallNobodyButTheFakeProviderWhereverTheTargetsAre() throws Exception {
        // Given
        Path file = Files.writeString(
                directory.resolve("one.jsonl"),
                "{\"custom_id\":\"a\",\"body\":{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}\n");
        Path key = Files.writeString(directory.resolve("key"), "sk-of-the-real-one");
        try (FakeProvider real = FakeProvider.start(FakeProviderSettings.defaults())) {
            Path config = Files.writeString(directory.resolve("penstock.yaml"), """
                    targets:
                      real: {kind: anthropic, model: claude-haiku-4-5, base_url: "%s", api_key: {file: "%s"}}
                    tiers: {simple: {chain: real}, medium: {chain: real}, complex: {chain: real}}
                    """.formatted(real.baseUrl(), key));

            // When
            CapturedRun demo = CapturedRun.of("demo", "--file", file.toString(), "--config", config.toString());

            // Then
            assertThat(demo.exitCode()).as(demo.err() + demo.out()).isZero();
            assertThat(demo.out()).contains("1 requests: 1 results");
            assertThat(real.callLog().counts().received()).isZero();
        }
    }
}
