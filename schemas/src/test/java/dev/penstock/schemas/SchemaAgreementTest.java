package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.penstock.schemas.RequestCodec.Parsed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SchemaAgreementTest {

    private static final List<String> FIELDS = List.of(
            "custom_id",
            "method",
            "url",
            "tenant",
            "idempotency_key",
            "task",
            "priority",
            "deadline",
            "timeout_ms",
            "attempt_timeout_ms",
            "cache",
            "batch",
            "trim",
            "in_doubt",
            "metadata",
            "body",
            "other");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "1.0",
            "1.5",
            "-1",
            "604800000",
            "604800001",
            "3600000",
            "3600001",
            "1000000001",
            "1e3",
            "\"\"",
            "\"a\"",
            "\"a b\"",
            "\"simple\"",
            "\"bulk\"",
            "\"allow\"",
            "\"retry\"",
            "\"POST\"",
            "\"refresh\"",
            "[]",
            "{}",
            "\"/v1/chat/completions\"",
            "\"2026-12-01T09:30:00Z\"",
            "\"2026-12-01\"",
            "\"2026-02-30T00:00:00Z\"",
            "{\"ttl_ms\":5}",
            "{\"ttl_ms\":\"5\"}",
            "{\"max_input_tokens\":7}",
            "{\"max_input_tokens\":null}",
            "{\"model\":\"m\"}",
            "{\"model\":\"\"}",
            "{\"model\":\"m\",\"stream\":false}",
            "{\"model\":\"m\",\"stream\":true}");

    @Test
    void shouldAcceptExactlyWhatTheRequestSchemaAccepts() {
        // Given
        Random random = new Random(Long.getLong("seed", 99L));
        int accepted = 0;

        for (int round = 0; round < 4_000; round++) {
            ObjectNode line =
                    (ObjectNode) SchemaFiles.MAPPER.readTree("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}");
            for (int i = random.nextInt(3); i >= 0; i--) {
                line.set(one(FIELDS, random), SchemaFiles.MAPPER.readTree(one(VALUES, random)));
            }

            // When
            Parsed parsed = Lines.CODEC.parse(line.toString().getBytes(UTF_8));

            // Then
            assertThat(parsed instanceof Parsed.Accepted)
                    .as("%s: %s", line, parsed)
                    .isEqualTo(SchemaFiles.errors("request", line).isEmpty());
            accepted += parsed instanceof Parsed.Accepted ? 1 : 0;
        }
        assertThat(accepted).as("lines of both kinds").isBetween(200, 3_800);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "common",
                "request",
                "result",
                "outcome",
                "usage",
                "budget",
                "alert",
                "redrive",
                "tenant-policy",
                "dead-letter-headers"
            })
    void shouldBeASchema(String name) {
        // Given
        JsonNode schema = SchemaFiles.tree(name);

        // When
        var errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                .validate(schema);

        // Then
        assertThat(errors).isEmpty();
        assertThat(schema.path("$id").stringValue()).isEqualTo(SchemaFiles.BASE + name + ".schema.json");
    }

    private static String one(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
