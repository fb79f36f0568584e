package dev.penstock.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @Test
    void shouldKeepTopicsWhereTheirOwnerAloneEnters(@TempDir Path directory) throws Exception {
        // Given
        Path kept = directory.resolve("data/kafka");

        // When
        DataDirectory.open(kept).close();

        // Then
        for (Path made : new Path[] {kept, kept.getParent()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
        }
    }
}
