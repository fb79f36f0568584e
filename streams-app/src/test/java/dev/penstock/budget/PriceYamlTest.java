package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.ConfigException;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceYamlTest {

    private static final String GOOD = """
            version: 2026-11
            models:
              gpt-4o-mini:
                input: 0.00000015
                cached_input: 0.000000075
                output: 6e-7
                batch: {input: 7.5e-8, output: 0.0000003}
              "o4:mini":
                input: 1.1e-6
                output: 4.4e-6
                reasoning: 5.5e-6
              sonnet:
                input: 3e-6
                cache_write: 3.75e-6
                output: 15e-6
                above:
                  200000: {input: 6e-6, output: 22.5e-6}
            """;

    @Test
    void shouldReadExactRates() throws ConfigException {
        // When
        PriceTable table = read(GOOD);

        // Then
        assertThat(table.version()).isEqualTo("2026-11");
        assertThat(usd(table, "gpt-4o-mini", new TokenUsage(1_000_000, 0, 0, 0), false))
                .isEqualByComparingTo("0.15");
        assertThat(usd(table, "gpt-4o-mini", new TokenUsage(1_000_000, 0, 1_000_000, 0), false))
                .isEqualByComparingTo("0.075");
        assertThat(usd(table, "gpt-4o-mini", new TokenUsage(0, 1_000_000, 0, 0), true))
                .isEqualByComparingTo("0.3");
        assertThat(usd(table, "o4:mini", new TokenUsage(0, 3, 0, 2), false)).isEqualByComparingTo("0.0000154");
        assertThat(usd(table, "sonnet", new TokenUsage(200_000, 1, 0, 0), false))
                .isEqualByComparingTo("0.600015");
        assertThat(usd(table, "sonnet", new TokenUsage(200_001, 1, 0, 0), false))
                .isEqualByComparingTo("1.2000285");
    }

    @Test
    void shouldNameATableWithoutAVersionByItsPricesAlone() throws ConfigException {
        // Given
        String one = "models: {a: {input: 1e-6, output: 2e-6}, b: {input: 3e-6, output: 4e-6}}";
        String same = "models:\n  b: {output: 0.0000040, input: 3.0e-6}\n  a: {output: 2e-6, input: 0.000001}\n";
        String other = one.replace("4e-6", "4.1e-6");

        // When
        String version = read(one).version();

        // Then
        assertThat(version).startsWith("sha256:").isEqualTo(read(same).version());
        assertThat(version).isNotEqualTo(read(other).version());
    }

    @Test
    void shouldReportAllMistakesAtOnceWithTheirLines() {
        // Given
        String wrong = """
                models:
                  a:
                    input: 0.15
                    output: -1e-6
                  b:
                    input: .nan
                    ouput: 1e-6
                    output: 1e-6
                  c:
                    input: 1e-6
                  d: 3
                  e: {input: 1e-6, output: [1]}
                extra: 1
                """;

        // When / Then
        assertThat(problems(wrong))
                .containsExactly(
                        "prices.yaml:12: output: a list (expected: a value or a mapping)",
                        "prices.yaml:3: a.input: 0.15 (expected: US dollars for one token, at most 0.001; this looks like a"
                                + " price for a thousand or a million)",
                        "prices.yaml:4: a.output: -1e-6 (expected: US dollars a token, 0..0.001)",
                        "prices.yaml:6: b.input: .nan (expected: US dollars a token, 0..0.001)",
                        "prices.yaml:7: b.ouput: an unknown field (expected: input, cached_input, cache_write, output,"
                                + " reasoning, batch, above)",
                        "prices.yaml:9: c: incomplete (expected: at least input and output)",
                        "prices.yaml:11: d: no mapping (expected: name: value lines)",
                        "prices.yaml:12: e: incomplete (expected: at least input and output)",
                        "prices.yaml:13: extra: an unknown field (expected: version, models)");
    }

    @ParameterizedTest
    @CsvSource({
        "1e-3, true",
        "0.0010000001, false",
        "0, true",
        "1e-20, true",
        "1e-21, false",
        "1e-999, false",
        "1e999999999, false",
        "1e400, false",
        "NaN, false",
        "Infinity, false",
        "0x1p-3, false",
        "1_000, false",
        "'', false"
    })
    void shouldTakeOnlyPricesOfOneToken(String text, boolean good) {
        // Given
        String yaml = "models: {m: {input: '" + text + "', output: 1e-6}}";

        // When
        List<String> problems = problems(yaml);

        // Then
        assertThat(problems.isEmpty()).as("%s", problems).isEqualTo(good);
        assertThat(problems).allMatch(problem -> problem.contains("m.input"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1]",
                "models: [a]",
                "models: 3",
                "models: {a: {input: 1e-6, output: 1e-6}}\nmodels: {}",
                "models: {a: &x {input: 1e-6, output: 1e-6}, b: *x}",
                "a: {",
                "models: {a: {input: 1e-6, output: 1e-6, above: {many: {input: 1e-6, output: 1e-6}}}}",
                "models: {a: {input: 1e-6, output: 1e-6, batch: 3}}",
                "models: {a: {input: 1e-6, output: 1e-6, batch: {batch: {}}}}",
                "---\nmodels: {}\n---\nmodels: {}",
                "version: ''"
            })
    void shouldRefuseWhatIsNoTable(String yaml) {
        assertThat(problems(yaml)).isNotEmpty().allMatch(problem -> problem.startsWith("prices.yaml:"));
    }

    private static PriceTable read(String yaml) throws ConfigException {
        return PriceFile.read("prices.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> problems(String yaml) {
        try {
            Assertions.assertThat(read(yaml).version()).isNotEmpty();
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    private static BigDecimal usd(PriceTable table, String model, TokenUsage usage, boolean batched) {
        return ((Cost.Known) table.cost(model, usage, batched)).usd();
    }
}
