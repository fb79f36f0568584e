package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The version is decided in the root's pom.xml. Files that cannot ask it repeat it, and are listed here. */
class VersionTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern OWN = Pattern.compile("<artifactId>penstock</artifactId>\\s*<version>([^<]+)<");

    /** Where the version is repeated, and behind what. */
    private static final Map<String, Pattern> REPEATED = Map.of(
            "schemas/pom.xml",
            OWN,
            "streams-app/pom.xml",
            OWN,
            "docker-compose.yml",
            Pattern.compile("penstock:([0-9][^}]*)}"),
            "deploy/helm/penstock/Chart.yaml",
            Pattern.compile("(?mi)^(?:app)?version: (.+)$"));

    /** Where the next release is named: the version without what marks it as unreleased. */
    private static final Map<String, Pattern> RELEASE_REPEATED =
            Map.of("deploy/helm/penstock/examples/full.yaml", Pattern.compile("(?m)^ {2}tag: (.+)$"));

    private final String version = found("pom.xml", OWN).getFirst();
    private final String release = version.replace("-SNAPSHOT", "");

    @Test
    void shouldBeRepeatedAsItIs() {
        REPEATED.forEach((file, pattern) ->
                assertThat(found(file, pattern)).as(file).isNotEmpty().containsOnly(version));
        RELEASE_REPEATED.forEach((file, pattern) ->
                assertThat(found(file, pattern)).as(file).isNotEmpty().containsOnly(release));
    }

    @Test
    void shouldBeWrittenNowhereElse() throws IOException {
        // Given
        Pattern anywhere = Pattern.compile("(?<![0-9.])" + Pattern.quote(release) + "(?![0-9.])");
        Set<String> known = new TreeSet<>(REPEATED.keySet());
        known.addAll(RELEASE_REPEATED.keySet());
        known.add("pom.xml");

        // When
        Set<String> writing = new TreeSet<>();
        for (Path file : files()) {
            if (anywhere.matcher(read(file)).find()) {
                writing.add(ROOT.relativize(file).toString());
            }
        }

        // Then
        assertThat(writing).isEqualTo(known);
    }

    /** The changes of a release are below its version, those of a version that is not released below "Unreleased". */
    @Test
    void shouldHaveItsChanges() {
        assertThat(found("CHANGELOG.md", Pattern.compile("(?m)^## (\\S+)")).getFirst())
                .isEqualTo(version.equals(release) ? version : "Unreleased");
    }

    private static List<String> found(String file, Pattern pattern) {
        return pattern.matcher(read(ROOT.resolve(file)))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** What is shipped and what is read; test data has versions of its own, and so have the examples of records. */
    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> root = Files.list(ROOT)) {
            root.filter(Files::isRegularFile).forEach(files::add);
        }
        for (String folder : List.of(
                "schemas/pom.xml",
                "schemas/src/main",
                "streams-app/pom.xml",
                "streams-app/src/main",
                "deploy",
                "docs")) {
            try (Stream<Path> below = Files.walk(ROOT.resolve(folder))) {
                below.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith(".json"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static String read(Path file) {
        try {
            // Whatever is in it: one byte, one character.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
