package dev.penstock.schemas;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schemas, loaded from files alone. */
final class SchemaFiles {

    static final String BASE = "https://penstock.dev/schemas/";

    static final List<String> RECORDS = List.of(
            "request",
            "result",
            "outcome",
            "usage",
            "budget",
            "alert",
            "redrive",
            "tenant-policy",
            "dead-letter-headers");

    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(SchemaFiles::content));

    private SchemaFiles() {}

    /** What the schema has against the value; nothing if it is valid. */
    static List<Error> errors(String schema, JsonNode value) {
        return schema(schema)
                .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    static Schema schema(String name) {
        return REGISTRY.getSchema(SchemaLocation.of(BASE + name + ".schema.json"));
    }

    static JsonNode tree(String name) {
        return MAPPER.readTree(content(BASE + name + ".schema.json"));
    }

    private static String content(String iri) {
        if (!iri.startsWith(BASE)) {
            throw new IllegalArgumentException("schema: " + iri + " (expected: one under " + BASE + ")");
        }
        try {
            return Files.readString(Examples.SCHEMAS.resolve(iri.substring(BASE.length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
