package dev.penstock.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The examples that stand beside the schemas. */
final class Examples {

    static final Path SCHEMAS = Path.of("src/main/resources/dev/penstock/schemas");

    private Examples() {}

    static List<Example> good(String schema) {
        return list(schema, "good");
    }

    static List<Example> bad(String schema) {
        return list(schema, "bad");
    }

    private static List<Example> list(String schema, String folder) {
        Path directory = SCHEMAS.resolve("examples").resolve(schema).resolve(folder);
        try (Stream<Path> files = Files.list(directory)) {
            List<Example> examples = files.sorted().map(Example::new).toList();
            if (examples.isEmpty()) {
                throw new IllegalStateException(directory + ": no examples");
            }
            return examples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file; a bad one's name starts with what it is an example of. */
    record Example(Path file) {

        byte[] bytes() {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String prefix() {
            String name = file.getFileName().toString();
            int end = name.indexOf("--");
            return end < 0 ? "" : name.substring(0, end);
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }
}
