package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each pattern has a page of one shape, and the front page leads to each. */
class PatternPagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGES = ROOT.resolve("docs").resolve("patterns");

    private static final List<String> PATTERNS = List.of(
            "batching",
            "budgets",
            "caching",
            "circuit-breakers",
            "idempotency",
            "monitoring",
            "retries-and-fallbacks",
            "tiering",
            "timeouts",
            "trimming");

    @Test
    void shouldHaveOnePageForEachPattern() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            // When
            List<String> names = pages.map(page -> page.getFileName().toString().replace(".md", ""))
                    .sorted()
                    .toList();

            // Then
            assertThat(names).isEqualTo(PATTERNS);
        }
    }

    @Test
    void shouldSayWhenHowWhatItGuaranteesAndWhatToLookOutFor() throws IOException {
        // Given
        String front = Files.readString(ROOT.resolve("README.md"));
        for (String pattern : PATTERNS) {
            // When
            String page = Files.readString(PAGES.resolve(pattern + ".md"));

            // Then
            assertThat(page.lines().filter(line -> line.startsWith("## ")))
                    .as(pattern)
                    .anyMatch(line -> line.startsWith("## When to use "))
                    .anyMatch(line -> line.matches("## How to (use|configure) it"))
                    .contains("## What it guarantees", "## Cautions");
            assertThat(front).contains("(docs/patterns/" + pattern + ".md)");
        }
    }
}
