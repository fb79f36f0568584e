package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every configuration that a page shows can be loaded. */
class ShownConfigurationsTest {

    private static final Pattern YAML_BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Map<String, String> KEYS = Map.of("OPENAI_API_KEY", "k1", "ANTHROPIC_API_KEY", "k2");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/patterns/retries-and-fallbacks.md"})
    void shouldLoadWhatThePageShows(String page) throws IOException, ConfigException {
        // Given
        List<String> shown = YAML_BLOCK
                .matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();

        // When
        for (String text : shown) {
            ConfigLoader.load(Files.writeString(directory.resolve("shown.yaml"), text), KEYS, List.of());
        }

        // Then
        assertThat(shown).isNotEmpty();
    }
}
