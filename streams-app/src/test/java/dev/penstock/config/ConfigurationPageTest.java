package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of docs/configuration.md are the settings; {@code -Dpenstock.update=true} writes them anew. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String END_OF_PROSE = " -->\n";

    /** Defaults that are not the same everywhere. */
    private static final Map<String, String> OF_THE_HOST = Map.of(
            InstanceConfig.ID.key(), "the host name",
            StreamsConfigSection.THREADS.key(), "the number of processors");

    @Test
    void shouldShowEverySettingAsItIs() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        String prose = page.substring(0, page.lastIndexOf(END_OF_PROSE) + END_OF_PROSE.length());

        // When
        String made = prose + tables();

        // Then
        if (Boolean.getBoolean("penstock.update")) {
            Files.writeString(PAGE, made);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(made);
    }

    private static String tables() {
        Map<String, List<Setting<?>>> sections = PenstockConfig.SETTINGS.stream()
                .collect(Collectors.groupingBy(
                        setting -> setting.key().split("\\.")[0], LinkedHashMap::new, Collectors.toList()));
        StringBuilder tables = new StringBuilder();
        sections.forEach((name, settings) -> {
            tables.append(table(name, settings));
            if (name.equals("provider")) {
                PenstockConfig.SECTIONS.forEach(section -> tables.append(table(section.name(), section.settings())));
            }
        });
        return tables.toString();
    }

    private static String table(String name, List<Setting<?>> settings) {
        return "\n### %s\n\n| key | default | expected | what for |\n|---|---|---|---|\n".formatted(name)
                + settings.stream().map(ConfigurationPageTest::row).collect(Collectors.joining());
    }

    private static String row(Setting<?> setting) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        setting.key(), otherwise(setting), cell(setting.type().expected()), cell(setting.meaning()));
    }

    private static String otherwise(Setting<?> setting) {
        String text = OF_THE_HOST.getOrDefault(setting.key(), setting.defaultText());
        boolean inWords = text.contains(" ");
        return text.isEmpty() ? "none" : inWords ? cell(text) : "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
