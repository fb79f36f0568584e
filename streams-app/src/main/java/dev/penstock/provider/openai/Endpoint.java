package dev.penstock.provider.openai;

import dev.penstock.provider.ProviderCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Turns a call into the request that is sent. */
final class Endpoint {

    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final String VERSION_PREFIX = "/v1/";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final OpenAiSettings settings;
    private final String base;
    private final boolean basePathStandsForVersion;

    Endpoint(OpenAiSettings settings) {
        this.settings = settings;
        String url = settings.baseUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.basePathStandsForVersion = settings.baseUrl().getRawPath() != null
                && settings.baseUrl().getRawPath().length() > 1;
    }

    HttpPost request(ProviderCall call, SentFlag sent) {
        HttpPost post = new HttpPost(uri(call.url()));
        post.setHeader("Idempotency-Key", idempotencyKey(call.idempotencyKey()));
        post.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        if (settings.apiKey() != null) {
            post.setHeader(
                    HttpHeaders.AUTHORIZATION, "Bearer " + settings.apiKey().reveal());
        }
        if (call.traceparent() != null
                && TRACEPARENT.matcher(call.traceparent()).matches()) {
            post.setHeader("traceparent", call.traceparent());
        }
        post.setEntity(new WatchedEntity(MAPPER.writeValueAsBytes(call.body()), sent));
        return post;
    }

    private URI uri(String url) {
        boolean shorten = basePathStandsForVersion && url.startsWith(VERSION_PREFIX);
        return URI.create(base + (shorten ? url.substring(VERSION_PREFIX.length() - 1) : url));
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
