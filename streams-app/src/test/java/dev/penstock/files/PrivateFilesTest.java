package dev.penstock.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

    @TempDir
    Path directory;

    @Test
    void shouldMakeAFileThatItsOwnerAloneReads() throws Exception {
        // Given
        Path file = directory.resolve("answers.jsonl");

        // When
        try (var out = PrivateFiles.create(file)) {
            out.write('a');
        }

        // Then
        assertThat(rights(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("a");
    }

    @Test
    void shouldWriteNeitherOverAFileNorThroughALink() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("theirs"), "kept");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), directory.resolve("new"));

        // When / Then
        for (Path taken : new Path[] {file, link, nowhere}) {
            assertThatThrownBy(() -> PrivateFiles.create(taken)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(file).hasContent("kept");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void shouldMakeDirectoriesThatTheirOwnerAloneEnters() throws Exception {
        // Given
        Path open = Files.createDirectory(
                directory.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        // When
        PrivateFiles.createDirectories(open.resolve("a/b"));

        // Then
        assertThat(rights(open)).isEqualTo("rwxr-xr-x");
        assertThat(rights(open.resolve("a"))).isEqualTo("rwx------");
        assertThat(rights(open.resolve("a/b"))).isEqualTo("rwx------");
    }

    @Test
    void shouldDoWithoutRightsWhereThereAreNone() throws Exception {
        // Given
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("files.zip"), Map.of("create", "true"))) {
            // When
            PrivateFiles.createDirectories(zip.getPath("/a/b"));

            // Then
            assertThat(zip.getPath("/a/b")).isDirectory();
        }
    }

    private static String rights(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
