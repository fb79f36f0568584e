package dev.penstock.tracing;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A span as it was sent; the numbers are those of OpenTelemetry's trace.proto.
 *
 * @param parentId empty for a root
 * @param attributes as text, lists with their values joined by commas
 */
public record SentSpan(
        String traceId, String spanId, String parentId, String name, Map<String, String> attributes, boolean error) {

    private static final int ERROR = 2;

    static SentSpan of(Protobuf span) {
        Map<String, String> attributes = new HashMap<>();
        for (Protobuf attribute : span.messages(9)) {
            attributes.put(attribute.text(1), value(attribute.messages(2).getFirst()));
        }
        boolean error = span.messages(15).stream().anyMatch(status -> status.number(3) == ERROR);
        HexFormat hex = HexFormat.of();
        return new SentSpan(
                hex.formatHex(span.bytes(1)),
                hex.formatHex(span.bytes(2)),
                hex.formatHex(span.bytes(4)),
                span.text(5),
                attributes,
                error);
    }

    private static String value(Protobuf value) {
        if (value.has(1)) {
            return value.text(1);
        }
        if (value.has(4)) {
            return Double.toString(Double.longBitsToDouble(value.number(4)));
        }
        if (value.has(5)) {
            return String.join(
                    ",",
                    value.messages(5).getFirst().messages(1).stream()
                            .map(SentSpan::value)
                            .toList());
        }
        return Long.toString(value.number(3));
    }
}
