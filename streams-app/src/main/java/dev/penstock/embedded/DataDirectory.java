package dev.penstock.embedded;

import dev.penstock.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker keeps its logs.
 *
 * @param temporary deleted on close
 */
record DataDirectory(Path path, boolean temporary) implements AutoCloseable {

    static DataDirectory open(@Nullable Path kept) throws BrokerStartException {
        try {
            return kept == null
                    ? new DataDirectory(Files.createTempDirectory("penstock-broker-"), true)
                    : new DataDirectory(PrivateFiles.createDirectories(kept).toAbsolutePath(), false);
        } catch (IOException unusable) {
            throw new BrokerStartException(
                    "data directory: " + kept + " cannot be made (expected: a writable directory)", unusable);
        }
    }

    /** Best effort: what cannot be deleted is left to whoever cleans the temporary directory. */
    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException left) {
            path.toFile().deleteOnExit();
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException vanished) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
