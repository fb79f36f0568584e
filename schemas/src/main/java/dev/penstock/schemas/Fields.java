package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an object, read by name and rule. A refusal names the field, what kind of value stands there and the
 * rule, never the text itself. An explicit null is the same as an absent field.
 */
final class Fields {

    static final int MAX_TEXT = 512;

    private final ObjectNode node;
    private final String path;

    private Fields(ObjectNode node, String path) {
        this.node = node;
        this.path = path;
    }

    static Fields of(JsonNode node) throws Refusal {
        if (node instanceof ObjectNode object) {
            return new Fields(object, "");
        }
        throw new Refusal(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: " + Kinds.of(node) + " (expected: an object)");
    }

    @Nullable
    JsonNode find(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode require(String name, String rule) throws Refusal {
        JsonNode value = find(name);
        if (value == null) {
            throw new Refusal(DeadLetterCode.INTAKE_MISSING_FIELD, path + name + ": absent (expected: " + rule + ")");
        }
        return value;
    }

    /** Any JSON, null included: the answer of a provider may be that. */
    JsonNode json(String name) throws Refusal {
        JsonNode value = node.get(name);
        return value == null ? require(name, "JSON") : value;
    }

    String text(String name) throws Refusal {
        return text(name, require(name, "a string"), 1, MAX_TEXT);
    }

    @Nullable
    String textOrNull(String name) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : text(name, value, 1, MAX_TEXT);
    }

    String text(String name, int min, int max) throws Refusal {
        return text(name, require(name, "a string"), min, max);
    }

    private String text(String name, JsonNode value, int min, int max) throws Refusal {
        if (value.isString()) {
            String text = value.stringValue();
            int length = text.codePointCount(0, text.length());
            if (length >= min && length <= max) {
                return text;
            }
        }
        throw refused(name, value, "a string of " + min + ".." + max + " characters");
    }

    boolean flag(String name) throws Refusal {
        JsonNode value = require(name, "true|false");
        if (!value.isBoolean()) {
            throw refused(name, value, "true|false");
        }
        return value.booleanValue();
    }

    long integer(String name, long min, long max) throws Refusal {
        return integer(name, require(name, "an integer"), min, max);
    }

    @Nullable
    Long integerOrNull(String name, long min, long max) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : integer(name, value, min, max);
    }

    private long integer(String name, JsonNode value, long min, long max) throws Refusal {
        return Kinds.integer(value)
                .filter(number -> number >= min && number <= max)
                .orElseThrow(() -> refused(name, value, "an integer, " + min + ".." + max));
    }

    BigDecimal usd(String name) throws Refusal {
        return usd(name, require(name, "a number"));
    }

    @Nullable
    BigDecimal usdOrNull(String name) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : usd(name, value);
    }

    private BigDecimal usd(String name, JsonNode value) throws Refusal {
        if (value.isNumber()) {
            BigDecimal amount = value.decimalValue();
            if (Money.isValid(amount)) {
                return amount;
            }
        }
        throw refused(name, value, "a number, " + Money.RULE);
    }

    Instant instant(String name) throws Refusal {
        return instant(name, require(name, Rfc3339.RULE));
    }

    @Nullable
    Instant instantOrNull(String name) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : instant(name, value);
    }

    private Instant instant(String name, JsonNode value) throws Refusal {
        Optional<Instant> instant = value.isString() ? Rfc3339.parse(value.stringValue()) : Optional.empty();
        return instant.orElseThrow(() -> refused(name, value, Rfc3339.RULE));
    }

    @Nullable
    Duration millisOrNull(String name, long min, long max) throws Refusal {
        Long millis = integerOrNull(name, min, max);
        return millis == null ? null : Duration.ofMillis(millis);
    }

    <E extends WireName> E choice(String name, WireNames<E> names) throws Refusal {
        return choice(name, require(name, names.rule()), names);
    }

    <E extends WireName> @Nullable E choiceOrNull(String name, WireNames<E> names) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : choice(name, value, names);
    }

    private <E extends WireName> E choice(String name, JsonNode value, WireNames<E> names) throws Refusal {
        Optional<E> found = value.isString() ? names.find(value.stringValue()) : Optional.empty();
        return found.orElseThrow(() -> refused(name, value, names.rule()));
    }

    Fields object(String name) throws Refusal {
        return nested(name, require(name, "an object"));
    }

    @Nullable
    Fields objectOrNull(String name) throws Refusal {
        JsonNode value = find(name);
        return value == null ? null : nested(name, value);
    }

    private Fields nested(String name, JsonNode value) throws Refusal {
        if (value instanceof ObjectNode object) {
            return new Fields(object, path + name + ".");
        }
        throw refused(name, value, "an object");
    }

    List<Fields> objects(String name, int max) throws Refusal {
        JsonNode value = require(name, "an array");
        if (!value.isArray() || value.size() > max) {
            throw refused(name, value, "an array of at most " + max);
        }
        List<Fields> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            elements.add(nested(name + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    List<String> texts(String name, int max) throws Refusal {
        JsonNode value = require(name, "an array");
        if (!value.isArray() || value.size() > max) {
            throw refused(name, value, "an array of at most " + max);
        }
        List<String> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            elements.add(text(name + "[" + elements.size() + "]", element, 1, MAX_TEXT));
        }
        return elements;
    }

    /** The unknown name is not shown: it may be anything. */
    void refuseOthers(Set<String> known) throws Refusal {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new Refusal(
                        DeadLetterCode.INTAKE_INVALID_FIELD,
                        path + "*: an unknown field (expected: one of " + String.join(", ", new TreeSet<>(known))
                                + ")");
            }
        }
    }

    ObjectNode node() {
        return node;
    }

    Refusal refused(String name, JsonNode value, String rule) {
        return new Refusal(
                DeadLetterCode.INTAKE_INVALID_FIELD,
                path + name + ": " + Kinds.of(value) + " (expected: " + rule + ")");
    }
}
