package dev.penstock.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the stores held at one moment, as a version wrote it: a file for each store, a line for each entry. */
final class GoldenStores {

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Path ROOT = Path.of("src", "test", "resources", "dev", "penstock", "pipeline", "golden-state");
    private static final Path POM = Path.of("..", "pom.xml");
    private static final String LINES = ".jsonl";

    /**
     * An entry.
     *
     * @param read what its value was read as; null for one that is no object
     */
    record Entry(
            String store, Bytes key, byte[] value, @Nullable JsonNode read) {}

    private GoldenStores() {}

    /** The folders of that name, one for each version that wrote it. */
    static List<Path> of(String moment) throws IOException {
        if (!Files.exists(ROOT)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(ROOT)) {
            return versions.map(version -> version.resolve(moment))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
    }

    static List<Entry> read(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                String store = name.substring(0, name.length() - LINES.length());
                for (String line : Files.readAllLines(file)) {
                    entries.add(entry(store, JSON.readTree(line)));
                }
            }
        }
        return entries;
    }

    private static Entry entry(String store, JsonNode line) {
        HexFormat hex = HexFormat.of();
        return new Entry(
                store,
                Bytes.wrap(hex.parseHex(line.path("key").stringValue())),
                hex.parseHex(line.path("value").stringValue()),
                line.get("read"));
    }

    /** A value as a line of these files would have it, so that it can be compared with one. */
    static JsonNode asRead(@Nullable Object value) {
        return JSON.readTree(JSON.writeValueAsString(value));
    }

    /** The entries of one store, by key. */
    static NavigableMap<Bytes, byte[]> values(List<Entry> entries, String store) {
        NavigableMap<Bytes, byte[]> values = new TreeMap<>();
        entries.stream()
                .filter(entry -> entry.store().equals(store))
                .forEach(entry -> values.put(entry.key(), entry.value()));
        return values;
    }

    /** Writes the folder of this version, unless it is there: what a version has written stays as it is. */
    static void write(String moment, List<Entry> entries) throws IOException {
        Path folder = ROOT.resolve(version()).resolve(moment);
        if (Files.exists(folder)) {
            return;
        }
        Files.createDirectories(folder);
        TreeMap<String, StringBuilder> files = new TreeMap<>();
        for (Entry entry : entries) {
            files.computeIfAbsent(entry.store() + LINES, any -> new StringBuilder())
                    .append(JSON.writeValueAsString(line(entry)))
                    .append('\n');
        }
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static ObjectNode line(Entry entry) {
        HexFormat hex = HexFormat.of();
        ObjectNode line = JSON.createObjectNode()
                .put("key", hex.formatHex(entry.key().get()))
                .put("value", hex.formatHex(entry.value()));
        return entry.read() == null ? line : line.set("read", entry.read());
    }

    /** Of what is built here, without what marks it as unreleased. */
    private static String version() throws IOException {
        String pom = Files.readString(POM);
        int start = pom.indexOf("<version>") + "<version>".length();
        return pom.substring(start, pom.indexOf("</version>")).replace("-SNAPSHOT", "");
    }
}
