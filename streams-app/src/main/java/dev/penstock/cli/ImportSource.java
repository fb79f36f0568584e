package dev.penstock.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of an import, which are read twice: stdin is kept in a file meanwhile. */
final class ImportSource implements AutoCloseable {

    private static final String STDIN = "-";

    private final String name;
    private final Path path;

    private ImportSource(String name, Path path) {
        this.name = name;
        this.path = path;
    }

    /** @param file a path, or {@code -} for what comes on stdin */
    static ImportSource open(String file) throws IOException {
        if (!file.equals(STDIN)) {
            return new ImportSource(file, Path.of(file));
        }
        Path kept = Files.createTempFile("penstock-import", ".jsonl");
        ImportSource source = new ImportSource("stdin", kept);
        try {
            try (var out = Files.newOutputStream(kept)) {
                System.in.transferTo(out);
            }
            return source;
        } catch (IOException | RuntimeException failed) {
            source.close();
            throw failed;
        }
    }

    /** For messages. */
    String name() {
        return name;
    }

    InputStream read() throws IOException {
        return Files.newInputStream(path);
    }

    long bytes() throws IOException {
        return Files.size(path);
    }

    @Override
    public void close() throws IOException {
        if (name.equals("stdin")) {
            Files.deleteIfExists(path);
        }
    }
}
