package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every configuration that a page shows can be loaded. */
class ShownConfigurationsTest {

    private static final Pattern YAML_BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern EXPORTS = Pattern.compile("(?m)^export (.*)$");
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

    @Test
    void shouldLoadTheExampleInTheEnvironmentThatTheReadmeShows() throws IOException, ConfigException {
        // Given
        Map<String, String> environment = new HashMap<>(KEYS);
        EXPORTS.matcher(Files.readString(Path.of("../README.md")))
                .results()
                .flatMap(line -> Stream.of(line.group(1).split(" ")))
                .map(variable -> variable.split("=", 2))
                .forEach(variable -> environment.put(variable[0], variable[1]));

        // When
        PenstockConfig config = ConfigLoader.load(Path.of("../examples/penstock.yaml"), environment, List.of());

        // Then
        assertThat(environment).containsKeys("PENSTOCK_APPLICATION_ID", "PENSTOCK_CONSOLE_PORT");
        assertThat(List.of(config.console().port(), config.console().probesPort()))
                .as("ports that `dev` leaves free")
                .doesNotContain(PenstockConfig.defaults().console().port());
    }
}
