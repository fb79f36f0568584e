package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/dead-letter-codes.md is the list of codes; {@code -Dpenstock.update=true} writes it anew. */
class DeadLetterPageTest {

    private static final Path PAGE = Path.of("../docs/dead-letter-codes.md");
    private static final String HEAD = "| code | meaning | retryable | what to do |\n|---|---|---|---|\n";

    @Test
    void shouldShowEveryCodeAsItIs() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        int start = page.indexOf(HEAD);
        int end = page.indexOf("\n\n", start) + 1;

        // When
        String made = page.substring(0, start) + table() + page.substring(end);

        // Then
        if (Boolean.getBoolean("penstock.update")) {
            Files.writeString(PAGE, made);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(made);
    }

    private static String table() {
        return HEAD
                + Stream.of(DeadLetterCode.values())
                        .map(DeadLetterPageTest::row)
                        .collect(Collectors.joining());
    }

    private static String row(DeadLetterCode code) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        code.code(),
                        cell(code.meaning()),
                        code.retryable() ? "yes" : "no",
                        cell(DeadLetterRemedy.of(code)));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
