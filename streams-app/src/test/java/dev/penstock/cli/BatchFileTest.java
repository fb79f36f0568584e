package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchFileTest {

    @TempDir
    Path directory;

    private Path place;
    private Path part;
    private Path theirs;

    @BeforeEach
    void write() throws Exception {
        place = directory.resolve("x_output.jsonl");
        part = directory.resolve("x_output.jsonl.part");
        theirs = Files.writeString(directory.resolve("theirs"), "kept");
    }

    @Test
    void shouldTakeThePlaceOfWhatEarlierExportsLeft() throws Exception {
        // Given
        Files.writeString(place, "old");
        Files.createLink(part, theirs);

        // When
        written();

        // Then
        assertThat(place).hasContent("answer");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rw-------");
        assertThat(part).doesNotExist();
        assertThat(theirs).hasContent("kept");
    }

    @Test
    void shouldRefuseALinkAtEitherPlace() throws Exception {
        for (Path taken : new Path[] {place, part}) {
            // Given
            Files.createSymbolicLink(taken, theirs);

            // When / Then
            assertThatThrownBy(this::written)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessage(taken + ": a link (expected: a file, or nothing)");
            Files.delete(taken);
        }
        Files.createSymbolicLink(place, theirs);
        assertThatThrownBy(() -> BatchFile.remove(place)).isInstanceOf(CommandFailure.class);
        assertThat(theirs).hasContent("kept");
    }

    @Test
    void shouldRefuseADirectory() throws Exception {
        // Given
        Files.createDirectory(place);

        // When / Then
        assertThatThrownBy(this::written)
                .isInstanceOf(CommandFailure.class)
                .hasMessage(place + ": no file (expected: a file, or nothing)");
    }

    private void written() throws Exception {
        try (BatchFile file = new BatchFile(place)) {
            file.line("answer");
            file.keep();
        }
    }
}
