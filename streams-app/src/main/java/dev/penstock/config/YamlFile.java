package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads YAML into dotted keys, each with the line it stands on. Nested and dotted spelling mean the same. */
final class YamlFile {

    private static final YAMLMapper MAPPER = new YAMLMapper();

    private final String name;
    private final Map<String, Given> given = new LinkedHashMap<>();
    private final List<String> problems;

    private YamlFile(String name, List<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** What the text gives; mistakes of form are added to {@code problems}. */
    static Map<String, Given> read(Path file, String text, List<String> problems) {
        return read(String.valueOf(file.getFileName()), text, problems);
    }

    static Map<String, Given> read(String name, String text, List<String> problems) {
        YamlFile yaml = new YamlFile(name, problems);
        try (JsonParser parser = MAPPER.createParser(text)) {
            yaml.readDocument(parser);
        } catch (JacksonException malformed) {
            int line = malformed.getLocation() == null
                    ? 1
                    : malformed.getLocation().getLineNr();
            problems.add(name + ":" + line + ": not YAML (" + firstLine(malformed.getOriginalMessage()) + ")");
        }
        return yaml.given;
    }

    private void readDocument(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            problems.add(place(parser) + ": not a mapping (expected: key: value lines)");
            return;
        }
        readMapping(parser, "");
        if (parser.nextToken() != null) {
            problems.add(place(parser) + ": a second document (expected: one)");
        }
    }

    private void readMapping(JsonParser parser, String prefix) {
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = prefix + parser.currentName();
            String place = place(parser);
            if (!seen.add(key)) {
                problems.add(place + ": " + Excerpt.ofKey(key) + ": stands here twice (expected: once)");
            }
            parser.nextToken();
            readValue(parser, key, place);
        }
    }

    private void readValue(JsonParser parser, String key, String place) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            problems.add(place + ": " + Excerpt.ofKey(key) + ": an alias (expected: the value itself)");
            return;
        }
        switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser, key, place);
            case START_ARRAY -> put(key, place, new Text(String.join(",", readList(parser, key, place))));
            case VALUE_NULL -> put(key, place, new Text(""));
            default -> put(key, place, new Text(parser.getString()));
        }
    }

    /** A mapping is a section, unless it is {@code {env: NAME}} or {@code {file: PATH}}. */
    private void readObject(JsonParser parser, String key, String place) {
        Map<String, Given> before = new LinkedHashMap<>(given);
        readMapping(parser, key + ".");
        List<String> members = new ArrayList<>(given.keySet());
        members.removeAll(before.keySet());
        if (members.isEmpty()) {
            put(key, place, new Text(""));
        }
        if (members.size() != 1) {
            return;
        }
        String member = members.getFirst();
        Given value = Objects.requireNonNull(given.get(member));
        if (!(value.node() instanceof Text target)) {
            return;
        }
        if (member.equals(key + ".env")) {
            given.remove(member);
            put(key, value.place(), new Reference(new SecretRef.Env(target.text())));
        } else if (member.equals(key + ".file")) {
            given.remove(member);
            put(key, value.place(), new Reference(new SecretRef.File(Path.of(target.text()))));
        }
    }

    private List<String> readList(JsonParser parser, String key, String place) {
        List<String> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken().isScalarValue()) {
                items.add(parser.getString());
            } else {
                problems.add(place + ": " + Excerpt.ofKey(key) + ": a nested list (expected: plain values)");
                parser.skipChildren();
            }
        }
        return items;
    }

    private void put(String key, String place, Given.Node node) {
        Given before = given.putIfAbsent(key, new Given(place, node));
        if (before != null && !before.place().equals(place)) {
            problems.add(place + ": " + Excerpt.ofKey(key) + ": stands at " + before.place() + " too (expected: once)");
        }
    }

    private String place(JsonParser parser) {
        return name + ":" + parser.currentTokenLocation().getLineNr();
    }

    private static String firstLine(String text) {
        return Excerpt.of(text.lines().findFirst().orElse(""));
    }
}
