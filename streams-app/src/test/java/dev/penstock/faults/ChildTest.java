package dev.penstock.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** A program that says so when it has started, and then waits to be killed or ends with a code. */
    static final class Program {
        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("started " + arguments[0]);
            if (!arguments[0].equals("wait")) {
                System.exit(Integer.parseInt(arguments[0]));
            }
            Thread.currentThread().join();
        }
    }

    @Test
    void shouldStopAndKillAProcess() {
        // Given
        try (Children children = new Children(directory)) {
            Child child = children.start(spec("wait"));
            awaitStart(child);

            // When
            child.signal(Signal.STOP);
            child.signal(Signal.CONT);
            child.signal(Signal.KILL);

            // Then
            assertThat(child.awaitExit(LIMIT)).isEqualTo(128 + 9);
        }
    }

    @Test
    void shouldLeaveNoProcessBehind() {
        Child child;
        try (Children children = new Children(directory)) {
            child = children.start(spec("wait"));
            awaitStart(child);
            child.signal(Signal.STOP);
        }

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void shouldRestartWhatWasKilledAndKeepTheLogs() {
        // Given
        try (Children children = new Children(directory)) {
            Supervised supervised = Supervised.start(children, spec("wait"));
            Child first = supervised.current();
            awaitStart(first);

            // When
            supervised.signal(Signal.KILL);

            // Then
            await().atMost(LIMIT).until(() -> supervised.current() != first);
            awaitStart(supervised.current());
            assertThat(supervised.exits()).containsExactly(128 + 9);
            assertThat(supervised.current().log()).isNotEqualTo(first.log());
        }
    }

    @Test
    void shouldNotRestartWhatEndedWell() {
        try (Children children = new Children(directory)) {
            Supervised supervised = Supervised.start(children, spec("0"));

            await().atMost(LIMIT).until(() -> !supervised.exits().isEmpty());
            assertThat(children.all()).hasSize(1);
        }
    }

    private static ChildSpec spec(String argument) {
        return new ChildSpec("program", Program.class, "32m", List.of(argument), Map.of());
    }

    private static void awaitStart(Child child) {
        await().atMost(LIMIT.toSeconds(), SECONDS).until(() -> child.output().contains("started"));
    }
}
