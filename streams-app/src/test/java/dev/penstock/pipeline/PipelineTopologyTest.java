package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PipelineTopologyTest {

    private static final Path GOLDEN =
            Path.of("src", "test", "resources", "dev", "penstock", "pipeline", "topology.txt");

    /** {@code -Dpenstock.update=true} writes it anew; a change of this file is a change of the running system: state, changelogs and upgrades depend on it. */
    @Test
    void shouldBeTheTopologyThatIsWrittenDown() throws IOException {
        // When
        String described = TestPipeline.describe(PenstockConfig.defaults());

        // Then
        if (Boolean.getBoolean("penstock.update")) {
            Files.writeString(GOLDEN, described, StandardCharsets.UTF_8);
        }
        assertThat(described).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
    }
}
