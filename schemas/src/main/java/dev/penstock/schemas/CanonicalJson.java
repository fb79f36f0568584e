package dev.penstock.schemas;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * One text for all JSON of one meaning, to be hashed: members sorted, no white space, and numbers by value, so that
 * {@code 1}, {@code 1.0} and {@code 1e0} are equal. No exponent is expanded, so {@code 1e999999999} costs nothing.
 */
public final class CanonicalJson {

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder text = new StringBuilder(512);

    private CanonicalJson() {}

    /** The canonical form in UTF-8. The tree is no deeper than a codec admits. */
    public static byte[] bytes(JsonNode node) {
        CanonicalJson canonical = new CanonicalJson();
        canonical.value(node);
        return canonical.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT, POJO -> object(node);
            case ARRAY -> array(node);
            case STRING, BINARY -> string(node.asString());
            case NUMBER -> number(node);
            case BOOLEAN -> text.append(node.booleanValue());
            case NULL, MISSING -> text.append("null");
        }
    }

    private void object(JsonNode node) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.forEachEntry(sorted::put);
        char separator = '{';
        for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
            text.append(separator);
            string(member.getKey());
            text.append(':');
            value(member.getValue());
            separator = ',';
        }
        text.append(sorted.isEmpty() ? "{}" : "}");
    }

    private void array(JsonNode node) {
        char separator = '[';
        for (JsonNode element : node) {
            text.append(separator);
            value(element);
            separator = ',';
        }
        text.append(node.isEmpty() ? "[]" : "]");
    }

    private void number(JsonNode node) {
        if (node.isInt() || node.isLong()) {
            number(Long.toString(node.longValue()), 0);
        } else {
            BigDecimal value = node.decimalValue();
            number(value.unscaledValue().toString(), -(long) value.scale());
        }
    }

    /** Writes the digits without the zeros at their end, and the power of ten that makes up for them. */
    private void number(String digits, long exponent) {
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        if (digits.equals("0")) {
            text.append('0');
            return;
        }
        text.append(digits, 0, end);
        long power = exponent + digits.length() - end;
        if (power != 0) {
            text.append('e').append(power);
        }
    }

    private void string(String value) {
        text.append('"');
        int plainFrom = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || isHalfPair(value, i)) {
                text.append(value, plainFrom, i).append("\\u").append(HEX.toHexDigits(c));
                plainFrom = i + 1;
            }
        }
        text.append(value, plainFrom, value.length()).append('"');
    }

    /** Half a pair has no UTF-8 form: left to the encoder, all of them would become one question mark. */
    private static boolean isHalfPair(String value, int index) {
        char c = value.charAt(index);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return index == 0 || !Character.isHighSurrogate(value.charAt(index - 1));
    }
}
