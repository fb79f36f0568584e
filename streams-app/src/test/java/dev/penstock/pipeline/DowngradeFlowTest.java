package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cheaper tiers where the allowed ones do not fit: both rules ask for a route, and neither may undo the other for ever. */
class DowngradeFlowTest {

    @TempDir
    private Path dir;

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndARequestWhoseOnlyAffordableTierIsNotAllowed() throws IOException {
        // Given
        try (TestPipeline pipeline = complexOnly()) {
            pipeline.send("acme", request("a-1", "auto", ",\"task\":\"complex\""));
            pipeline.commit();
            assertThat(pipeline.takeLaunched()).hasSize(1);

            // When
            pipeline.send("acme", request("a-2", "auto", ",\"task\":\"complex\""));
            pipeline.commit();

            // Then
            assertThat(pipeline.takeLaunched()).isEmpty();
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        }
    }

    @Test
    void shouldDenyForTheBudgetAndNotForATierThatNobodyAskedFor() throws IOException {
        // Given
        try (TestPipeline pipeline = complexOnly()) {
            pipeline.send("acme", request("a-1", "tier:complex", ""));
            pipeline.commit();

            // When
            pipeline.send("acme", request("a-2", "tier:complex", ""));
            pipeline.commit();

            // Then
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        }
    }

    private TestPipeline complexOnly() throws IOException {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, """
                version: v-1
                models:
                  dear: {input: 0, output: 0.001}
                  cheap: {input: 0, output: 0.0001}
                """);
        return new TestPipeline(
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=0.15",
                "budgets.on_spent=downgrade",
                "budgets.allowed_tiers=complex",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear");
    }

    private static String request(String customId, String model, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }
}
