package dev.penstock.idempotency;

import dev.penstock.schemas.CanonicalJson;
import dev.penstock.schemas.Request;
import dev.penstock.work.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Derives what makes two requests of a tenant the same one: the key that the caller gave, or else everything the request
 * says of itself (tenant, custom_id, url, canonical body). Every part is hashed behind its length, so that no two
 * different lists of parts look alike.
 */
final class KeyDerivation {

    private static final String GIVEN = "given";
    private static final String DERIVED = "derived";

    private KeyDerivation() {}

    static IdempotencyKey keyOf(String tenant, Request request) {
        byte[] body = CanonicalJson.bytes(request.body());
        String given = request.idempotencyKey();
        if (given == null) {
            String hash = sha256(text(DERIVED), text(tenant), text(request.customId()), text(request.url()), body);
            return new IdempotencyKey(hash, DERIVED);
        }
        String task = request.task() == null ? "" : request.task().name().toLowerCase(Locale.ROOT);
        String trim = request.trim() == null ? "" : Long.toString(request.trim().maxInputTokens());
        return new IdempotencyKey(
                sha256(text(GIVEN), text(tenant), text(given)),
                sha256(text(request.url()), body, text(task), text(trim)));
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[]... parts) {
        MessageDigest digest = newSha256();
        for (byte[] part : parts) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
