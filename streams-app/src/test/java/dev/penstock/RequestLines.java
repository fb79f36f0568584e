package dev.penstock;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/** Requests as they come off the topic. */
public final class RequestLines {

    private static final RequestCodec CODEC = new RequestCodec(CodecLimits.DEFAULT);

    private RequestLines() {}

    /**
     * Parses a line.
     *
     * @param extra members beside {@code custom_id} and {@code body}, each with a comma before it, or nothing
     */
    public static Request request(String body, String extra) {
        String line = "{\"custom_id\":\"c\",\"body\":" + body + extra + "}";
        return switch (CODEC.parse(line.getBytes(StandardCharsets.UTF_8))) {
            case RequestCodec.Parsed.Accepted accepted -> accepted.request();
            case RequestCodec.Parsed.Refused refused -> throw new AssertionError(refused.detail());
        };
    }

    public static Request request(String body) {
        return request(body, "");
    }

    public static ObjectNode body(String body) {
        return request(body).body();
    }
}
