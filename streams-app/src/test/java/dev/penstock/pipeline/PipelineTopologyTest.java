package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PipelineTopologyTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "dev", "penstock", "pipeline");

    /**
     * A change of this file is a change of the running system: state, changelogs and upgrades depend on it. {@code
     * -Dpenstock.update=true} writes it anew.
     */
    @Test
    void shouldBeTheTopologyThatIsWrittenDown() throws IOException {
        shouldBe("topology.txt", PenstockConfig.defaults());
    }

    /** With three sources, a node, a store and three sinks more; in the same sub-topology, so tasks keep their places. */
    @Test
    void shouldBeTheTopologyWithBudgetsThatIsWrittenDown() throws IOException {
        shouldBe("topology-budgets.txt", PenstockConfig.of("budgets.enabled=true"));
    }

    private static void shouldBe(String file, PenstockConfig config) throws IOException {
        // When
        String described = TestPipeline.describe(config);

        // Then
        Path golden = GOLDEN.resolve(file);
        if (Boolean.getBoolean("penstock.update")) {
            Files.writeString(golden, described, StandardCharsets.UTF_8);
        }
        assertThat(described).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
    }
}
