package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Writes the members of an object; a member without a value is left out. */
final class Output {

    private final JsonGenerator generator;

    Output(JsonGenerator generator) {
        this.generator = generator;
    }

    void object(Runnable members) {
        generator.writeStartObject();
        members.run();
        generator.writeEndObject();
    }

    void object(String name, Runnable members) {
        generator.writeName(name);
        object(members);
    }

    <T> void array(String name, List<T> elements, Consumer<T> element) {
        generator.writeName(name);
        generator.writeStartArray();
        elements.forEach(element);
        generator.writeEndArray();
    }

    void text(String name, @Nullable String value) {
        if (value != null) {
            generator.writeStringProperty(name, value);
        }
    }

    void element(String value) {
        generator.writeString(value);
    }

    void choice(String name, @Nullable WireName value) {
        if (value != null) {
            generator.writeStringProperty(name, value.wireName());
        }
    }

    void flag(String name, boolean value) {
        generator.writeBooleanProperty(name, value);
    }

    void integer(String name, long value) {
        generator.writeNumberProperty(name, value);
    }

    void integer(String name, @Nullable Number value) {
        if (value != null) {
            generator.writeNumberProperty(name, value.longValue());
        }
    }

    /** Amounts are written without exponents: other languages' decimal readers know that form best. */
    void decimal(String name, @Nullable BigDecimal value) {
        if (value != null) {
            generator.writeName(name);
            generator.writeNumber(value.toPlainString());
        }
    }

    void instant(String name, Instant value) {
        generator.writeStringProperty(name, value.toString());
    }

    /** A value by itself. */
    void tree(JsonNode value) {
        generator.writeTree(value);
    }

    void json(String name, @Nullable JsonNode value) {
        if (value != null) {
            generator.writeName(name);
            generator.writeTree(value);
        }
    }

    void nothing(String name) {
        generator.writeNullProperty(name);
    }
}
