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

    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final JsonMapper MAPPER = new JsonMapper();

    private Envelope() {}

    static HttpPost request(ProviderCall call, Written.Message message, SentFlag sent) {
        HttpPost post = new HttpPost(message.uri());
        post.setHeader("Idempotency-Key", idempotencyKey(call.idempotencyKey()));
        post.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        message.headers().forEach(post::setHeader);
        if (call.traceparent() != null
                && TRACEPARENT.matcher(call.traceparent()).matches()) {
            post.setHeader("traceparent", call.traceparent());
        }
        post.setEntity(new WatchedEntity(MAPPER.writeValueAsBytes(message.body()), sent));
        return post;
    }

    /** Keys come from users: what no header can carry as it stands is sent as its hash, which is as stable. */
    static String idempotencyKey(String key) {
        if (HEADER_SAFE.matcher(key).matches()) {
            return key;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
