package dev.penstock.fake;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The lines of a call log file: one when a call comes, one when it ends. */
final class CallLine {

    private static final JsonMapper MAPPER = new JsonMapper();

    private CallLine() {}

    static byte[] received(FakeCall call) {
        ObjectNode line = MAPPER.createObjectNode()
                .put("event", "received")
                .put("sequence", call.sequence())
                .put("at", call.receivedAt().toString())
                .put("idempotency_key", call.idempotencyKey())
                .put("body_sha256", call.bodySha256())
                .put("key_sha256", call.keySha256())
                .put("scripted", call.scripted());
        return bytes(line);
    }

    static byte[] ended(FakeCall call) {
        ObjectNode line = MAPPER.createObjectNode()
                .put("event", "ended")
                .put("sequence", call.sequence())
                .put("at", String.valueOf(call.endedAt()))
                .put("status", call.status());
        return bytes(line);
    }

    private static byte[] bytes(ObjectNode line) {
        return (MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
