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

    /** A change of this file is a change of the running system: state, changelogs and upgrades depend on it. */
    @Test
    void shouldBeTheTopologyThatIsWrittenDown() throws IOException {
        // Given
        String golden = Files.readString(GOLDEN, StandardCharsets.UTF_8);

        // When
        String described = TestPipeline.describe(PenstockConfig.defaults());

        // Then
        assertThat(described).isEqualTo(golden);
    }
}
