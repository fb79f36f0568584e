package dev.penstock.advisories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our jars and our list. docs/decisions/108-advisories.md says what to do when this fails. */
class AdvisoriesTest {

    private static final Path JARS = Path.of("target", "jars.txt");

    @Test
    void shouldUseNoJarOfWhichSomethingIsKnownThatNobodyAccepted() throws Exception {
        // Given
        AdvisoryList list = AdvisoryList.read(Files.readString(Path.of("..").resolve(AdvisoryList.FILE)));

        // When
        List<String> problems = new AdvisoryCheck(list, jars(), LocalDate.now(ZoneOffset.UTC)).problems();

        // Then
        assertThat(problems).isEmpty();
    }

    @Test
    void shouldKnowTheJarsOfTheProgramAndOfItsTests() throws Exception {
        assertThat(jars())
                .anyMatch(jar ->
                        jar.name().endsWith("/kafka-clients") && jar.scope().equals("compile"))
                .anyMatch(jar -> jar.name().endsWith("/lz4-java") && jar.scope().equals("runtime"))
                .anyMatch(jar ->
                        jar.name().endsWith("/kafka-server") && jar.scope().equals("provided"))
                .anyMatch(jar ->
                        jar.name().endsWith("/junit-jupiter") && jar.scope().equals("test"));
    }

    private static List<Jar> jars() throws Exception {
        assertThat(JARS).as("written by Maven, before the tests").exists();
        return Jar.read(Files.readAllLines(JARS));
    }
}
