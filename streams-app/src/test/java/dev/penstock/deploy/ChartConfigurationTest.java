package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.budget.PriceFile;
import dev.penstock.config.ConfigException;
import dev.penstock.config.ConfigLoader;
import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the chart puts into its ConfigMap and its variables is what the program reads, by the program's own rules. */
class ChartConfigurationTest {

    private static final String SECRET = "a-secret-of-30-characters-abcd";

    @TempDir
    Path folder;

    private HelmChart chart;

    @BeforeEach
    void copy() throws IOException {
        chart = HelmChart.in(folder.resolve("chart"));
    }

    @Test
    void shouldBeTheDefaultsWithALimitOfThreads() throws Exception {
        // When
        PenstockConfig config = read(chart.render());

        // Then
        assertThat(config.topics()).isEqualTo(PenstockConfig.of().topics());
        assertThat(config.drain()).isEqualTo(PenstockConfig.of().drain());
        assertThat(config.console().port())
                .isEqualTo(PenstockConfig.of().console().port());
        assertThat(config.console().probesPort())
                .isEqualTo(PenstockConfig.of().console().probesPort());
        assertThat(config.streams().threads()).isEqualTo(2);
        assertThat(config.instance().id()).isEqualTo("penstock-0");
        assertThat(config.console().names()).contains("penstock", "penstock.llm.svc");
    }

    @Test
    void shouldTakeEveryKindOfValueThrough() throws Exception {
        // Given
        RenderedChart full = chart.render(HelmChart.FULL);

        // When
        PenstockConfig config = read(full);

        // Then
        assertThat(Pipeline.problem(config)).isEmpty();
        assertThat(config.cache().maxEntries()).isEqualTo(1_000_000);
        assertThat(config.drain().grace()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.console().port())
                .isEqualTo(full.container().at("/ports/0/containerPort").asInt());
        assertThat(config.console().probesPort())
                .isEqualTo(full.container().at("/ports/1/containerPort").asInt());
        assertThat(config.kafka()).containsEntry("sasl.jaas.config", SECRET);
        assertThat(config.console().names()).contains("penstock.example.com", "penstock");
        assertThat(PriceFile.read("prices.yaml", Files.readAllBytes(folder.resolve("prices.yaml"))))
                .isNotNull();
    }

    /** As in a pod: the ConfigMap's files, the Secrets' files, and the container's variables. */
    private PenstockConfig read(RenderedChart rendered) throws IOException, ConfigException {
        for (Map.Entry<String, JsonNode> file :
                rendered.get("ConfigMap/penstock").path("data").properties()) {
            String text = file.getValue()
                    .asString("")
                    .replace("/run/secrets/", folder + "/secrets/")
                    .replace("/etc/penstock/", folder + "/");
            Files.writeString(folder.resolve(file.getKey()), text);
        }
        for (String secret : List.of("penstock-kafka/jaas", "penstock-console/token")) {
            Path file = folder.resolve("secrets").resolve(secret);
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, SECRET);
        }
        return ConfigLoader.load(folder.resolve("penstock.yaml"), environment(rendered), List.of());
    }

    private static Map<String, String> environment(RenderedChart rendered) {
        Map<String, String> environment = new HashMap<>();
        rendered.variables()
                .forEach(variable -> environment.put(
                        variable.path("name").asString(""),
                        variable.at("/valueFrom/secretKeyRef").isObject()
                                ? SECRET
                                : variable.path("value").asString("penstock-0")));
        return environment;
    }
}
