package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.config.ConfigException;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmPricesTest {

    private static final String TABLE = """
            {"sample_spec": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, "mode": "chat", "max_tokens": "LEGACY"},
             "gpt-4o-mini": {"mode": "chat", "litellm_provider": "openai", "max_input_tokens": 128000,
                "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "cache_read_input_token_cost": 7.5e-08,
                "input_cost_per_token_batches": 7.5e-08, "output_cost_per_token_batches": 3e-07,
                "input_cost_per_token_priority": 2.5e-07, "supports_vision": true},
             "long": {"mode": "chat", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
                "cache_read_input_token_cost": 3e-07, "output_cost_per_reasoning_token": 2e-05,
                "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05},
             "dall-e": {"mode": "image_generation", "output_cost_per_image": 40},
             "half": {"mode": "chat", "input_cost_per_token": 1e-06},
             "steps": {"mode": "chat", "tiered_pricing": [{"range": [0, 1]}], "input_cost_per_token": 1e-06,
                "output_cost_per_token": 1e-06},
             "nulls": {"mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06,
                "cache_read_input_token_cost": null}}
            """;

    @Test
    void shouldImportWhatHasATokenPriceAndNothingElse() throws ConfigException {
        // When
        PriceTable table = read(TABLE);

        // Then
        assertThat(table.prices()).containsOnlyKeys("gpt-4o-mini", "long", "nulls");
        assertThat(table.leftOut()).containsExactly("half", "steps");
        assertThat(table.version()).startsWith("sha256:");
        assertThat(usd(table, "gpt-4o-mini", new TokenUsage(10, 10, 4, 0), false))
                .isEqualByComparingTo("0.0000072");
        assertThat(usd(table, "gpt-4o-mini", new TokenUsage(10, 10, 0, 0), true))
                .isEqualByComparingTo("0.00000375");
    }

    @Test
    void shouldChargeLongPromptsAsTheyAre() throws ConfigException {
        // When
        PriceTable table = read(TABLE);

        // Then
        assertThat(usd(table, "long", new TokenUsage(200_000, 1, 0, 0), false)).isEqualByComparingTo("0.600015");
        assertThat(usd(table, "long", new TokenUsage(200_001, 1, 0, 0), false)).isEqualByComparingTo("1.2000285");
        assertThat(((Cost.Known) table.worst("long", 100_000, 10)).usd()).isEqualByComparingTo("0.3002");
    }

    @Test
    void shouldNameModelAndFieldOfEveryMistake() {
        // Given
        String wrong = """
                {"a": {"input_cost_per_token": 0.15, "output_cost_per_token": 1e-6},
                 "b": {"input_cost_per_token": 1e-6, "output_cost_per_token": -1e-6},
                 "c": {"input_cost_per_token": "cheap", "output_cost_per_token": [], "mode": "chat"}}
                """;

        // When
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> read(wrong));

        // Then
        assertThat(refused.problems())
                .hasSize(4)
                .anyMatch(problem -> problem.startsWith("prices.json: a.input_cost_per_token: 0.15"))
                .anyMatch(problem -> problem.startsWith("prices.json: b.output_cost_per_token: -"))
                .anyMatch(problem -> problem.startsWith("prices.json: c.input_cost_per_token: cheap"))
                .anyMatch(problem -> problem.startsWith("prices.json: c.output_cost_per_token: no number"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\": {}, \"a\": {}}",
                "{\"a\": {\"input_cost_per_token\": NaN}}",
                "{\"a\": {\"input_cost_per_token\": 1e-999999999, \"output_cost_per_token\": 0}}",
                "{\"a\": {\"input_cost_per_token\": 1e999999999, \"output_cost_per_token\": 0}}"
            })
    void shouldRefuseWhatIsNoTable(String json) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> read(json)))
                .isNotNull()
                .hasMessageStartingWith("prices.json: ");
    }

    private static PriceTable read(String json) throws ConfigException {
        return PriceFile.read("prices.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static BigDecimal usd(PriceTable table, String model, TokenUsage usage, boolean batched) {
        return ((Cost.Known) table.cost(model, usage, batched)).usd();
    }
}
