package dev.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @Test
    void shouldMakeADirectoryThatItsOwnerAloneEnters(@TempDir Path directory) throws Exception {
        // Given
        Path state = directory.resolve("state/instance");

        // When
        StateDirectory.check(state);

        // Then
        assertThat(state).isEmptyDirectory();
        for (Path made : new Path[] {state, state.getParent()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
        }
    }
}
