package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus itself judges the rules. */
@Tag("tools")
class PromtoolIT {

    @ParameterizedTest
    @CsvSource({"check,penstock.rules.yml", "test,penstock.rules.test.yml"})
    void shouldBeSatisfied(String action, String file) throws Exception {
        // When
        Process promtool = new ProcessBuilder("promtool", action, "rules", file)
                .directory(PrometheusRulesTest.RULES.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(promtool.exitValue()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }
}
