package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md says that a tenant may set names, in each row, tests that there are. */
class SecurityPageTest {

    private static final Path ROOT = Path.of("..");
    private static final String HEADING = "## What a tenant may set, and what it shares";
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*(?:Test|IT))`");

    @Test
    void shouldNameATestThatThereIsInEachRow() throws IOException {
        // Given
        String page = Files.readString(ROOT.resolve("docs").resolve("security.md"));
        Set<String> tests = tests();

        // When
        List<String> rows = page.substring(page.indexOf(HEADING))
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();

        // Then
        assertThat(page).containsOnlyOnce(HEADING);
        assertThat(rows).hasSizeGreaterThan(20).allSatisfy(row -> {
            String heldBy = row.split(" \\| ", -1)[3];
            assertThat(CLASS.matcher(heldBy).results().map(name -> name.group(1)))
                    .as(row)
                    .isNotEmpty();
        });
        assertThat(CLASS.matcher(page).results().map(SecurityPageTest::name)).isSubsetOf(tests);
    }

    private static String name(MatchResult found) {
        return found.group(1);
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> app = Files.walk(ROOT.resolve("streams-app/src/test"));
                Stream<Path> schemas = Files.walk(ROOT.resolve("schemas/src/test"))) {
            return Stream.concat(app, schemas)
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
