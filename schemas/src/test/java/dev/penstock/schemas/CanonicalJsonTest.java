package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class CanonicalJsonTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final BoundedJson JSON = new BoundedJson(CodecLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "1, 1e0",
        "100, 1e2",
        "100, 0.1E+3",
        "-5, -50e-1",
        "0, -0.0",
        "0, 0e999999999",
        "1e999999999, 10e999999998",
        "1000000000000000000000, 1e21",
        "0.000001, 1e-6"
    })
    void shouldGiveEqualNumbersOneText(String one, String other) throws Refusal {
        // Given
        JsonNode first = tree(one);
        JsonNode second = tree(other);

        // When
        String text = canonical(first);

        // Then
        assertThat(text).isEqualTo(canonical(second));
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "1e400, 1e401", "0.1, 0.10000000000000001", "9007199254740993, 9007199254740992", "1, -1"})
    void shouldHoldDifferentNumbersApart(String one, String other) throws Refusal {
        // Given
        JsonNode first = tree(one);
        JsonNode second = tree(other);

        // When
        String text = canonical(first);

        // Then
        assertThat(text).isNotEqualTo(canonical(second));
    }

    @Test
    void shouldSortMembersAndDropWhiteSpace() throws Refusal {
        // Given
        JsonNode node = tree("{ \"b\" : [ 1, {} , [] ], \"a\\u0022\" : \"x\\ny\", \"B\" : null, \"c\": true }");

        // When
        String text = canonical(node);

        // Then
        assertThat(text).isEqualTo("{\"B\":null,\"a\\u0022\":\"x\\u000ay\",\"b\":[1,{},[]],\"c\":true}");
    }

    @Test
    void shouldHoldHalfPairsApart() {
        // Given
        JsonNode high = NODES.stringNode("\ud83d");
        JsonNode low = NODES.stringNode("\ude00");

        // When
        String text = canonical(high);

        // Then
        assertThat(text).isNotEqualTo(canonical(low)).isNotEqualTo(canonical(NODES.stringNode("?")));
        assertThat(canonical(NODES.stringNode("\ud83d\ude00"))).isEqualTo("\"😀\"");
    }

    @Test
    void shouldNotDependOnOrderOrOnTheFormOfNumbers() throws Refusal {
        // Given
        long seed = Long.getLong("seed", 42L);
        Random random = new Random(seed);

        for (int round = 0; round < 5_000; round++) {
            JsonNode node = anything(random, 4);

            // When
            String text = canonical(node);

            // Then
            String label = "seed " + seed + ", round " + round;
            assertThat(canonical(shuffled(node, random))).as(label).isEqualTo(text);
            assertThat(canonical(tree(text))).as(label).isEqualTo(text);
        }
    }

    private static JsonNode anything(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> NODES.numberNode(random.nextInt(-1_000, 1_000));
            case 1 -> NODES.numberNode(random.nextLong());
            case 2 -> NODES.numberNode(new BigDecimal(new BigInteger(80, random), random.nextInt(-40, 40)));
            case 3 ->
                NODES.stringNode(random.ints(5, 1, 0x3000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
            case 4 -> random.nextBoolean() ? NODES.nullNode() : NODES.booleanNode(random.nextBoolean());
            case 5 -> {
                ArrayNode array = NODES.arrayNode();
                random.ints(random.nextInt(4)).forEach(i -> array.add(anything(random, depth - 1)));
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                random.ints(random.nextInt(5)).forEach(i -> object.set("k" + (i % 7), anything(random, depth - 1)));
                yield object;
            }
        };
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = NODES.arrayNode();
            array.forEach(element -> copy.add(shuffled(element, random)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>(object.propertyNames());
            Collections.shuffle(names, random);
            ObjectNode copy = NODES.objectNode();
            names.forEach(name -> copy.set(name, shuffled(object.path(name), random)));
            return copy;
        }
        if (node.isNumber()) {
            BigDecimal value = node.decimalValue();
            return NODES.numberNode(value.setScale(value.scale() + random.nextInt(5)));
        }
        return node;
    }

    private static JsonNode tree(String json) throws Refusal {
        return JSON.tree(json.getBytes(UTF_8));
    }

    private static String canonical(JsonNode node) {
        return new String(CanonicalJson.bytes(node), UTF_8);
    }
}
