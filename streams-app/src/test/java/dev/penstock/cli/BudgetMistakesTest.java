package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a budget is said before a broker is asked, in a line that names it; exit code 2. */
@Isolated("it takes what this JVM prints")
class BudgetMistakesTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":-1}]} | max_budget",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":1e400}]} | max_budget",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":1e13}]} | max_budget",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_tokens\":99999999999999999999}]} | max_tokens",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_tokens\":-5}]} | max_tokens",
                "{\"budgets\":[{\"budget_duration\":\"day\",\"max_budget\":1,\"time_zone\":\"Mars/Olympus\"}]} | time_zone",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":1,\"soft_budget\":2}]} | soft_budget",
                "{\"budgets\":[{\"budget_duration\":\"fortnight\",\"max_budget\":1}]} | budget_duration",
                "{\"budgets\":[{\"budget_duration\":\"month\"}]} | max_budget",
                "{\"budgets\":[],\"max_budgets\":3} | unknown field",
                "{\"on_budget_spent\":\"shrug\"} | on_budget_spent",
                "{\"weight\":0} | weight",
                "{\"tenant\":\"beta\"} | tenant",
                "[1] | policy",
                "{\"budgets\": | policy",
            })
    void shouldRefuseAPolicy(String policy, String named) throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("policy.json"), policy);

        // When
        CapturedRun run = CapturedRun.of(
                "tenants", "set", "acme", file.toString(), "--bootstrap-servers", "nowhere.invalid:9092");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().strip()).hasLineCount(1).contains(named);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldRefuseAFileThatIsNotThereAndATenantThatIsNone() {
        // When
        CapturedRun file = CapturedRun.of("tenants", "set", "acme", directory + "/none.json");
        CapturedRun tenant = CapturedRun.of("tenants", "delete", "a b", "--bootstrap-servers", "nowhere.invalid:9092");

        // Then
        assertThat(file.exitCode()).isEqualTo(2);
        assertThat(file.err()).contains("none.json: cannot be read");
        assertThat(tenant.exitCode()).isEqualTo(2);
        assertThat(tenant.err()).startsWith("tenant: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "budgets.max_budget=5 | budgets.enabled: false (expected: true, since budgets.max_budget is set)",
                "budgets.max_tokens=5 | budgets.enabled: false (expected: true, since budgets.max_tokens is set)",
                "budgets.allowed_tiers=simple | budgets.enabled: false (expected: true, since budgets.allowed_tiers is set)",
                "budgets.max_budget=-5 | budgets.max_budget: -5",
                "budgets.time_zone=Mars/Olympus | budgets.time_zone: Mars/Olympus",
                "budgets.prices=/nowhere/prices.yaml | budgets.prices: /nowhere/prices.yaml (expected: a file that can be read)",
            })
    void shouldRefuseASetting(String set, String message) {
        // When
        CapturedRun run = CapturedRun.of("config", "check", "--set", set);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void shouldRefuseASoftLimitAboveTheHardOne() {
        // When
        CapturedRun run = CapturedRun.of(
                "config",
                "check",
                "--set",
                "budgets.enabled=true",
                "--set",
                "budgets.max_budget=1",
                "--set",
                "budgets.soft_budget=2");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("budgets.soft_budget: 2 (expected: at most budgets.max_budget)");
    }

    @Test
    void shouldRefuseAnAllowedTierThatThereIsNot() {
        // When
        CapturedRun run = CapturedRun.of(
                "config", "check", "--set", "budgets.enabled=true", "--set", "budgets.allowed_tiers=simple,gold");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("budgets.allowed_tiers: gold (expected: one of simple, medium, complex)");
    }

    @Test
    void shouldRefuseATierWithoutAPrice() throws IOException {
        // Given
        Path prices = Files.writeString(
                directory.resolve("prices.yaml"), "models: {cheap: {input: 0.000001, output: 0.000002}}");
        String[] check = {
            "config", "check",
            "--set", "budgets.enabled=true",
            "--set", "budgets.prices=" + prices,
            "--set", "provider.model=dear"
        };

        // When
        CapturedRun unpriced = CapturedRun.of(check);
        check[check.length - 1] = "provider.model=cheap";
        CapturedRun priced = CapturedRun.of(check);

        // Then
        assertThat(unpriced.exitCode()).isEqualTo(2);
        assertThat(unpriced.err())
                .startsWith("tiers.simple.chain: ")
                .contains("of which no price is known (expected: an entry dear in budgets.prices");
        assertThat(priced.exitCode()).isZero();
    }

    @Test
    void shouldRefuseAPriceForAMillionTokens() throws IOException {
        // Given
        Path prices = Files.writeString(directory.resolve("prices.yaml"), "models: {m: {input: 0.15, output: 0.6}}");

        // When
        CapturedRun run = CapturedRun.of("config", "check", "--set", "budgets.prices=" + prices);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("0.15");
    }
}
