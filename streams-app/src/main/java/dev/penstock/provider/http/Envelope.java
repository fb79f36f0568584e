package dev.penstock.provider.http;

import dev.penstock.provider.ProviderCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Makes of what a dialect wrote the request that is sent, with the headers that every call has. */
final class Envelope {

    private static final char SEPARATOR = '.';
    private static final int BODY_DIGITS = 32;
    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]{1,222}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final JsonMapper MAPPER = new JsonMapper();

    private Envelope() {}

    static HttpPost request(ProviderCall call, Written.Message message, SentFlag sent) {
        HttpPost post = new HttpPost(message.uri());
        byte[] body = MAPPER.writeValueAsBytes(message.body());
        post.setHeader("Idempotency-Key", idempotencyKey(call.idempotencyKey(), body));
        post.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        message.headers().forEach(post::setHeader);
        if (call.traceparent() != null
                && TRACEPARENT.matcher(call.traceparent()).matches()) {
            post.setHeader("traceparent", call.traceparent());
        }
        post.setEntity(new WatchedEntity(body, sent));
        return post;
    }

    /**
     * One key for one body: whoever honours it refuses another body under the same key, or answers from the first. So the
     * call's own key is followed by what is sent: the same for an attempt that is repeated, also after a crash, and another
     * one where the model, the output cap or the prompt is.
     */
    static String idempotencyKey(String call, byte[] body) {
        return headerSafe(call) + SEPARATOR + sha256(body).substring(0, BODY_DIGITS);
    }

    /** Keys come from users: what no header can carry as it stands is sent as its hash, which is as stable. */
    private static String headerSafe(String key) {
        return HEADER_SAFE.matcher(key).matches() ? key : "sha256-" + sha256(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
