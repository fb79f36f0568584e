package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class AsyncApiTest {

    /** Topic, message, and what its value refers to; null where the value has no schema of ours. */
    private static final Map<String, String> PAYLOADS = Map.ofEntries(
            Map.entry("llm.requests", "./request.schema.json"),
            Map.entry("llm.results", "./result.schema.json"),
            Map.entry("llm.dead-letters", ""),
            Map.entry("llm.usage", "./usage.schema.json"),
            Map.entry("llm.budgets", "./budget.schema.json"),
            Map.entry("llm.alerts", "./alert.schema.json"),
            Map.entry("llm.tenants", "./tenant-policy.schema.json"),
            Map.entry("llm.outcomes", "./outcome.schema.json"),
            Map.entry("llm.rerouted", ""),
            Map.entry("llm.rerouted-control", ""),
            Map.entry("llm.redrives", "./redrive.schema.json"));

    private final JsonNode document = YAMLMapper.builder()
            .build()
            .readTree(Examples.SCHEMAS.resolve("asyncapi.yaml").toFile());

    @Test
    void shouldDescribeEveryTopicWithItsSchema() {
        // Given
        JsonNode channels = document.path("channels");

        // When
        Map<String, String> payloads = new TreeMap<>();
        channels.forEach(channel -> payloads.put(
                channel.path("address").stringValue(),
                message(channel).path("payload").path("$ref").asString("")));

        // Then
        assertThat(document.path("asyncapi").stringValue()).isEqualTo("3.1.0");
        assertThat(payloads).isEqualTo(new TreeMap<>(PAYLOADS));
    }

    @Test
    void shouldGiveEveryMessageAKey() {
        // Given
        JsonNode channels = document.path("channels");

        // When
        List<JsonNode> keys = new ArrayList<>();
        channels.forEach(
                channel -> keys.add(followed(message(channel).path("bindings")).at("/kafka/key")));

        // Then
        assertThat(keys).hasSize(PAYLOADS.size()).allMatch(JsonNode::isObject);
    }

    @Test
    void shouldTakeForAKeyWhatNamesATenant() {
        // Given
        JsonNode key = document.at("/components/messageBindings/tenantKey/kafka/key");

        // When
        String pattern = key.path("pattern").stringValue();

        // Then
        assertThat(pattern)
                .isEqualTo(
                        SchemaFiles.tree("common").at("/$defs/tenant/pattern").stringValue());
    }

    @Test
    void shouldDescribeTheHeadersOfDeadLettersBySchema() {
        // Given
        JsonNode deadLetter = document.at("/components/messages/deadLetter");

        // When
        String headers = deadLetter.path("headers").path("$ref").stringValue();

        // Then
        assertThat(headers).isEqualTo("./dead-letter-headers.schema.json");
    }

    @Test
    void shouldReferOnlyToWhatIsThere() {
        // Given
        List<String> references =
                document.findValues("$ref").stream().map(JsonNode::stringValue).toList();

        // When
        List<String> dangling =
                references.stream().filter(reference -> !resolves(reference)).toList();

        // Then
        assertThat(references).hasSizeGreaterThan(30);
        assertThat(dangling).isEmpty();
    }

    @Test
    void shouldUseEverySchemaFile() throws IOException {
        // Given
        String text = Files.readString(Examples.SCHEMAS.resolve("asyncapi.yaml"));

        // When / Then
        assertThat(SchemaFiles.RECORDS).allMatch(name -> text.contains("./" + name + ".schema.json"));
    }

    @Test
    void shouldSendOrReceiveOnEveryChannel() {
        // Given
        JsonNode operations = document.path("operations");

        // When
        List<String> used = operations.findValues("$ref").stream()
                .map(JsonNode::stringValue)
                .distinct()
                .toList();

        // Then
        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(document.path("channels").propertyNames().stream()
                        .map(name -> "#/channels/" + name)
                        .toList());
    }

    private JsonNode message(JsonNode channel) {
        JsonNode messages = channel.path("messages");
        assertThat(messages.size()).isEqualTo(1);
        return resolve(messages.iterator().next().path("$ref").stringValue());
    }

    private JsonNode followed(JsonNode node) {
        return node.has("$ref") ? resolve(node.path("$ref").stringValue()) : node;
    }

    private boolean resolves(String reference) {
        return !resolve(reference).isMissingNode();
    }

    private JsonNode resolve(String reference) {
        int hash = reference.indexOf('#');
        String file = hash < 0 ? reference : reference.substring(0, hash);
        JsonNode root = file.isEmpty()
                ? document
                : SchemaFiles.tree(file.substring("./".length(), file.length() - ".schema.json".length()));
        return hash < 0 ? root : root.at(reference.substring(hash + 1));
    }
}
