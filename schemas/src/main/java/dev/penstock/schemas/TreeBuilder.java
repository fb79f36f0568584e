package dev.penstock.schemas;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the tree from tokens; it recurses no deeper than the scan before it allowed. The mapper's own builder would do
 * but for its errors, whose causes cannot be told apart.
 */
final class TreeBuilder {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final boolean halfPairs;

    TreeBuilder(JsonParser parser, boolean halfPairs) {
        this.parser = parser;
        this.halfPairs = halfPairs;
    }

    JsonNode value(JsonToken token) throws Refusal {
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.stringNode(whole(parser.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(decimal());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw refused(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: not JSON");
        };
    }

    private ObjectNode object() throws Refusal {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = whole(parser.currentName());
            if (object.putIfAbsent(name, value(parser.nextToken())) != null) {
                throw refused(DeadLetterCode.INTAKE_DUPLICATE_FIELD, "value: a second member of one name");
            }
        }
        return object;
    }

    private ArrayNode array() throws Refusal {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(token));
        }
        return array;
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private String whole(String text) {
        return halfPairs
                ? text.codePoints()
                        .map(TreeBuilder::whole)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static int whole(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint;
    }

    private BigDecimal decimal() throws Refusal {
        String text = parser.getString();
        try {
            BigDecimal value = new BigDecimal(text);
            if (Math.abs((long) value.precision() - value.scale() - 1) <= CodecLimits.MAX_EXPONENT) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The grammar was checked by the parser: what is left is an exponent out of range.
        }
        throw refused(DeadLetterCode.INTAKE_NUMBER_TOO_LONG, "number: an exponent past " + CodecLimits.MAX_EXPONENT);
    }

    private Refusal refused(DeadLetterCode code, String what) {
        return new Refusal(
                code, what + " at byte " + parser.currentTokenLocation().getByteOffset());
    }
}
