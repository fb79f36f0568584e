package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that must end as one dead letter each, with the code that each must get. */
final class HostileRecords {

    private static final Path EXAMPLES =
            Path.of("..", "schemas", "src", "main", "resources", "dev", "penstock", "schemas", "examples");
    private static final String OPENING = "{\"custom_id\":\"h\",\"body\":{\"model\":\"m\",\"messages\":[],\"x\":";

    /** A record that no one could want to answer; its value may be absent. */
    static final class Hostile {
        private final String name;
        private final String code;
        private final byte @Nullable [] value;

        Hostile(String name, String code, byte @Nullable [] value) {
            this.name = name;
            this.code = code;
            this.value = value;
        }

        String code() {
            return code;
        }

        byte @Nullable [] value() {
            return value;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private HostileRecords() {}

    static List<Hostile> all() {
        List<Hostile> all = new ArrayList<>(published());
        all.add(new Hostile("no value", "intake.empty", null));
        all.add(new Hostile("no bytes", "intake.empty", new byte[0]));
        all.add(text("not JSON", "intake.malformed_json", "hello"));
        all.add(text("a number of a million digits", "intake.too_large", OPENING + "1".repeat(1_000_000) + "}}"));
        all.add(text("a number of 400,000 digits", "intake.number_too_long", OPENING + "1".repeat(400_000) + "}}"));
        all.add(text("depth 100,000", "intake.too_deep", "[".repeat(100_000)));
        all.add(text("an object of depth 50,000", "intake.too_deep", OPENING + "{\"a\":".repeat(50_000)));
        all.add(text("half a surrogate pair", "intake.invalid_utf8", OPENING + "\"\\ud800\"}}"));
        all.add(text("trailing bytes", "intake.malformed_json", OPENING + "1}} x"));
        all.add(text("NaN", "intake.malformed_json", OPENING + "NaN}}"));
        all.add(new Hostile(
                "not UTF-8", "intake.invalid_utf8", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));
        all.add(text("a member twice", "intake.duplicate_field", OPENING + "1,\"x\":2}}"));
        all.add(text("over intake.max_bytes", "intake.too_large", OPENING + "\"" + "x".repeat(524_288) + "\"}}"));
        return all;
    }

    /** The bad examples of the schemas; each file's name begins with its code. */
    private static List<Hostile> published() {
        try (var files = Files.list(EXAMPLES.resolve("request").resolve("bad"))) {
            return files.map(HostileRecords::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Hostile read(Path file) {
        String name = file.getFileName().toString();
        try {
            return new Hostile(name, name.substring(0, name.indexOf("--")), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Hostile text(String name, String code, String value) {
        return new Hostile(name, code, value.getBytes(UTF_8));
    }
}
