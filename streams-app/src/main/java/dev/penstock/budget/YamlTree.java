package dev.penstock.budget;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** YAML of mappings and plain values, each with the line that it stands on. Values stay as they are written. */
final class YamlTree {

    private static final YAMLMapper MAPPER = new YAMLMapper();

    private final String file;
    private final List<String> problems;

    private YamlTree(String file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** A value and its place, {@code file:line}. */
    sealed interface Node {

        String place();

        record Scalar(String place, String text) implements Node {}

        record Mapping(String place, Map<String, Node> members) implements Node {}
    }

    /** The mapping that the text is; mistakes of form are added to {@code problems}. */
    static Node.Mapping read(String file, String text, List<String> problems) {
        return new YamlTree(file, problems).document(text);
    }

    private Node.Mapping document(String text) {
        Node.Mapping empty = new Node.Mapping(file + ":1", Map.of());
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                Node.Mapping root = mapping(parser, file + ":1");
                if (parser.nextToken() != null) {
                    problems.add(place(parser) + ": a second document (expected: one)");
                }
                return root;
            }
            problems.add(file + ":1: not a mapping (expected: key: value lines)");
        } catch (JacksonException malformed) {
            int line = malformed.getLocation() == null
                    ? 1
                    : malformed.getLocation().getLineNr();
            problems.add(file + ":" + line + ": not YAML");
        }
        return empty;
    }

    private Node.Mapping mapping(JsonParser parser, String place) {
        Map<String, Node> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String at = place(parser);
            parser.nextToken();
            Node value = value(parser, name, at);
            if (value != null && members.put(name, value) != null) {
                problems.add(at + ": " + PriceText.shown(name) + ": stands here twice (expected: once)");
            }
        }
        return new Node.Mapping(place, members);
    }

    private @Nullable Node value(JsonParser parser, String name, String at) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            problems.add(at + ": " + PriceText.shown(name) + ": an alias (expected: the value itself)");
            return null;
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser, at);
            case START_ARRAY -> {
                problems.add(at + ": " + PriceText.shown(name) + ": a list (expected: a value or a mapping)");
                parser.skipChildren();
                yield null;
            }
            case VALUE_NULL -> new Node.Scalar(at, "");
            default -> new Node.Scalar(at, parser.getString());
        };
    }

    private String place(JsonParser parser) {
        return file + ":" + parser.currentTokenLocation().getLineNr();
    }
}
