package dev.penstock.schemas;

import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a value is, in words that may be shown to anybody: numbers and flags as they are, texts by their length. */
final class Kinds {

    private static final BigDecimal LOWEST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Kinds() {}

    static String of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> "an object";
            case ARRAY -> "an array of " + node.size();
            case STRING, BINARY -> "a string of " + node.asString().length() + " characters";
            case NUMBER -> integer(node).map(String::valueOf).orElse("a number");
            case BOOLEAN -> node.booleanValue() ? "true" : "false";
            case NULL, MISSING -> "null";
        };
    }

    /** The value if it is whole and fits; {@code 1.0} and {@code 1e3} are whole. Nothing is expanded. */
    static Optional<Long> integer(JsonNode node) {
        if (node.isInt() || node.isLong()) {
            return Optional.of(node.longValue());
        }
        if (!node.isNumber()) {
            return Optional.empty();
        }
        BigDecimal value = node.decimalValue();
        if (value.compareTo(LOWEST) < 0 || value.compareTo(HIGHEST) > 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(value.longValueExact());
        } catch (ArithmeticException fraction) {
            return Optional.empty();
        }
    }
}
