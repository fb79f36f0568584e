package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.InstanceConfig;
import dev.penstock.membership.LeaveMarker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaveCommandTest {

    @TempDir
    Path state;

    @Test
    void shouldMarkAnInstanceThatIsHere() throws Exception {
        // Given
        Files.createDirectories(state.resolve("one"));

        // When
        CapturedRun first = leave();
        CapturedRun again = leave();

        // Then
        assertThat(first)
                .isEqualTo(again)
                .isEqualTo(new CapturedRun(0, "leave: one leaves its group when it is stopped\n", ""));
        assertThat(isMarked()).isTrue();
    }

    @Test
    void shouldRefuseWhereNoInstanceIs() {
        // When
        CapturedRun refused = leave();

        // Then
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("instance.state_dir: " + state.resolve("one"))
                .hasLineCount(1);
        assertThat(isMarked()).isFalse();
    }

    @Test
    void shouldLeaveNoMarkerOutsideOfAStatefulSet() throws Exception {
        // Given
        Files.createDirectories(state.resolve("one"));

        // When
        CapturedRun asked = leave("--if-scaled-in");

        // Then
        assertThat(asked)
                .isEqualTo(new CapturedRun(
                        0, "leave: not asked for: POD_NAME (expected: the name of a StatefulSet's pod)\n", ""));
        assertThat(isMarked()).isFalse();
    }

    private boolean isMarked() {
        return LeaveMarker.of(new InstanceConfig("one", state)).isSet();
    }

    private CapturedRun leave(String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(
                new String[] {"leave", "--set", "instance.id=one", "--set", "instance.state_dir=" + state},
                0,
                args,
                0,
                5);
        System.arraycopy(more, 0, args, 5, more.length);
        return CapturedRun.of(args);
    }
}
