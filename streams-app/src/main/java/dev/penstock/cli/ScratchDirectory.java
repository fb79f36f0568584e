package dev.penstock.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory that is deleted at the end. */
record ScratchDirectory(Path path) implements AutoCloseable {

    static ScratchDirectory make() throws CommandFailure {
        try {
            return new ScratchDirectory(Files.createTempDirectory("penstock-"));
        } catch (IOException unwritable) {
            throw CommandFailure.failed(
                    System.getProperty("java.io.tmpdir") + ": cannot be written (expected: room for temporary data)");
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException vanished) {
            path.toFile().deleteOnExit();
        }
    }
}
