package dev.penstock.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** The clock of the host as one process sees it, which can be set: libfaketime stands between that process and the system's. */
final class HostClock {

    private static final String LIBRARY = "libfaketimeMT.so.1";

    private final Path library;
    private final Path offset;

    private HostClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** A clock that is right, kept in that directory. */
    static HostClock in(Path directory) {
        HostClock clock =
                new HostClock(findLibrary(), directory.resolve("clock").toAbsolutePath());
        clock.isAheadBy(Duration.ZERO);
        return clock;
    }

    private static Path findLibrary() {
        try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 4, (path, what) -> path.endsWith(LIBRARY))) {
            return files.findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            LIBRARY + ": not below /usr/lib (expected: Debian's package faketime)"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process must have in its environment to follow this clock. Time spans are measured by another, which stays. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1");
    }

    /** Sets it; the process sees it within a second. */
    void isAheadBy(Duration difference) {
        try {
            Path next = Files.writeString(
                    offset.resolveSibling("clock.next"), "%+d".formatted(difference.toSeconds()) + "\n");
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
