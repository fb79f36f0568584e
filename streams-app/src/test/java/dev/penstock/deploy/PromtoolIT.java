package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus itself judges the rules. */
@Tag("tools")
class PromtoolIT {

    @ParameterizedTest
    @CsvSource({"check,penstock.rules.yml", "test,penstock.rules.test.yml"})
    void shouldBeSatisfied(String action, String file) throws Exception {
        shouldSucceed(PrometheusRulesTest.RULES, "promtool", action, "rules", file);
    }

    @Test
    void shouldBeSatisfiedWithTheRulesOfTheChart(@TempDir Path folder) throws Exception {
        // Given
        RenderedChart full = HelmChart.in(folder.resolve("chart")).render(HelmChart.FULL);
        Files.writeString(
                folder.resolve("rules.yml"),
                full.get("PrometheusRule/penstock").path("spec").toString());

        // When / Then
        shouldSucceed(folder, "promtool", "check", "rules", "rules.yml");
    }

    /** Each query is an expression of a rule: the tool has no other way to look at one. */
    @Test
    void shouldReadTheQueriesThatTheChartScalesBy(@TempDir Path folder) throws Exception {
        // Given
        RenderedChart full = HelmChart.in(folder.resolve("chart")).render(HelmChart.FULL);
        StringBuilder rules = new StringBuilder("groups: [{name: scaling, rules: [");
        full.get("ScaledObject/penstock")
                .at("/spec/triggers")
                .forEach(trigger -> rules.append("{record: scaling, labels: {name: ")
                        .append(trigger.path("name"))
                        .append("}, expr: ")
                        .append(trigger.at("/metadata/query"))
                        .append("},"));
        Files.writeString(folder.resolve("rules.yml"), rules.append("]}]"));

        // When / Then
        shouldSucceed(folder, "promtool", "check", "rules", "rules.yml");
    }

    private static void shouldSucceed(Path folder, String... command) throws Exception {
        // When
        Process promtool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(promtool.exitValue()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }
}
