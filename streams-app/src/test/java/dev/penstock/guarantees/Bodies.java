package dev.penstock.guarantees;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chat body of a request, as its text and as the digest by which requests and provider calls are joined. */
public final class Bodies {

    private Bodies() {}

    /** The text of all messages of a chat body, in order. */
    public static String textOf(JsonNode body) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : body.path("messages")) {
            text.append(message.path("content").asString("")).append('\n');
        }
        return text.toString().strip();
    }

    /** SHA-256, in hex, of the compact JSON: a body that names its model and its output cap reaches the provider as it was sent. */
    public static String digest(JsonNode body) {
        return sha256(JsonMapper.shared().writeValueAsBytes(body));
    }

    /** SHA-256 in hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
