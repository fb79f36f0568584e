package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The examples of what Penstock writes itself, held against codec and schemas. */
class RecordExamplesTest {

    /** Marks what only the codec can tell: one field against another, or a list that changes without us. */
    private static final String BEYOND_THE_SCHEMA = "beyond-the-schema";

    private static final List<String> KINDS =
            List.of("result", "outcome", "usage", "budget", "alert", "redrive", "tenant-policy", "dead-letter-headers");

    static Stream<Arguments> good() {
        return KINDS.stream().flatMap(kind -> Examples.good(kind).stream().map(example -> arguments(kind, example)));
    }

    static Stream<Arguments> bad() {
        return KINDS.stream().flatMap(kind -> Examples.bad(kind).stream().map(example -> arguments(kind, example)));
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldReadAndWriteGoodExample(String kind, Examples.Example example) throws MalformedRecordException {
        // Given
        JsonNode value = SchemaFiles.MAPPER.readTree(example.bytes());

        // When
        JsonNode written = readAndWrite(kind, example.bytes());

        // Then
        assertThat(SchemaFiles.errors(kind, value)).isEmpty();
        assertThat(SchemaFiles.errors(kind, written)).isEmpty();
        written.forEachEntry(
                (name, member) -> assertThat(value.has(name)).as(name).isTrue());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldRefuseBadExample(String kind, Examples.Example example) {
        // Given
        boolean schemaCanTell = !example.prefix().equals(BEYOND_THE_SCHEMA);

        // When
        var errors = SchemaFiles.errors(kind, SchemaFiles.MAPPER.readTree(example.bytes()));

        // Then
        assertThatThrownBy(() -> readAndWrite(kind, example.bytes())).isInstanceOf(MalformedRecordException.class);
        assertThat(!errors.isEmpty()).as("refused by the schema").isEqualTo(schemaCanTell);
    }

    @Test
    void shouldWriteHeadersThatTheSchemaAllowsAndReadThemBack() throws MalformedRecordException {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            DeadLetterHeaders headers = new Generated(seed).deadLetterHeaders();

            // When
            Map<String, String> written = headers.toHeaders();

            // Then
            assertThat(DeadLetterHeaders.fromHeaders(written))
                    .as("seed %d", seed)
                    .isEqualTo(headers);
            assertThat(SchemaFiles.errors("dead-letter-headers", SchemaFiles.MAPPER.valueToTree(written)))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    private static JsonNode readAndWrite(String kind, byte[] bytes) throws MalformedRecordException {
        WireCodec codec = new WireCodec();
        return switch (kind) {
            case "result" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readResult(bytes)));
            case "outcome" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readOutcome(bytes)));
            case "usage" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readUsageEvent(bytes)));
            case "budget" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readBudgetStatus(bytes)));
            case "redrive" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readRedriveMarker(bytes)));
            case "alert" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readAlert(bytes)));
            case "tenant-policy" -> SchemaFiles.MAPPER.readTree(codec.write(codec.readTenantPolicy(bytes)));
            default ->
                SchemaFiles.MAPPER.valueToTree(
                        DeadLetterHeaders.fromHeaders(headers(bytes)).toHeaders());
        };
    }

    private static Map<String, String> headers(byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        SchemaFiles.MAPPER.readTree(bytes).forEachEntry((name, value) -> headers.put(name, value.stringValue()));
        return headers;
    }
}
