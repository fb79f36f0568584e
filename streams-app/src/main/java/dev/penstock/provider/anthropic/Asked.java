package dev.penstock.provider.anthropic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of the request, read field by field. A field that is null counts as absent. What was not asked for by the time
 * of {@link #nothingElse} is refused by name, so that no field is lost in silence.
 */
final class Asked {

    /** Names come from users; others than these are not repeated. */
    private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final int LONGEST_SHOWN_NUMBER = 24;

    private final String path;
    private final ObjectNode fields;
    private final Set<String> seen = new HashSet<>();

    Asked(String path, ObjectNode fields) {
        this.path = path;
        this.fields = fields;
    }

    /** Empty if absent. */
    Optional<JsonNode> take(String name) {
        seen.add(name);
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isNull());
    }

    /** Changes nothing at the other end, whatever it is. */
    void drop(String... names) {
        seen.addAll(Set.of(names));
    }

    Optional<String> optionalText(String name) throws Untranslatable {
        Optional<JsonNode> value = take(name);
        if (value.isPresent() && !value.get().isString()) {
            throw refusal(name, "text");
        }
        return value.map(JsonNode::stringValue);
    }

    String text(String name) throws Untranslatable {
        return optionalText(name).orElseThrow(() -> refusal(name, "text"));
    }

    boolean flag(String name, boolean whenAbsent) throws Untranslatable {
        JsonNode value = take(name).orElse(null);
        if (value == null) {
            return whenAbsent;
        }
        if (!value.isBoolean()) {
            throw refusal(name, "true or false");
        }
        return value.booleanValue();
    }

    Asked object(String name) throws Untranslatable {
        JsonNode value = take(name).orElseThrow(() -> refusal(name, "an object"));
        return object(path + "." + name, value);
    }

    /** The objects of an array; none if it is absent. */
    List<Asked> objects(String name) throws Untranslatable {
        JsonNode array = take(name).orElse(null);
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            throw refusal(name, "an array");
        }
        List<Asked> objects = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            objects.add(object(path + "." + name + "[" + objects.size() + "]", element));
        }
        return objects;
    }

    private static Asked object(String path, JsonNode value) throws Untranslatable {
        if (value instanceof ObjectNode fields) {
            return new Asked(path, fields);
        }
        throw new Untranslatable(path, kind(value), "an object");
    }

    /** Refuses every field that nobody took. */
    void nothingElse() throws Untranslatable {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!seen.contains(field.getKey()) && !field.getValue().isNull()) {
                boolean shown = SHOWN.matcher(field.getKey()).matches();
                String name = path + "." + (shown ? field.getKey() : "(a name not shown)");
                throw new Untranslatable(name, kind(field.getValue()), "left out: Anthropic has no such field");
            }
        }
    }

    /** To be thrown for the field of that name. */
    Untranslatable refusal(String name, String rule) {
        return new Untranslatable(path + "." + name, kind(fields.get(name)), rule);
    }

    /** What a value is. Numbers and flags are shown; texts are the user's. */
    private static String kind(JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return "absent";
        }
        if (value.isBoolean() || (value.isNumber() && value.asString().length() <= LONGEST_SHOWN_NUMBER)) {
            return value.asString();
        }
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue().isEmpty() ? "empty" : "a text";
            case NUMBER -> "a number";
            case ARRAY -> value.isEmpty() ? "empty" : "an array";
            default -> value.isEmpty() ? "empty" : "an object";
        };
    }
}
