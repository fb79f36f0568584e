package dev.penstock.schemas;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants' requests must be signed, and their signatures: HMAC-SHA-256 over the tenant's name, a zero byte and the record's value, in lower-case
 * hex. A replay's headers ask for more than the request, so what they say and another zero byte stand before its value. Who has no key can neither speak
 * for such a tenant nor change what was signed for it.
 */
public final class TenantSignatures {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern KEYS = Pattern.compile("\\S{32,}(\\s+\\S{32,}){0,7}\\s*");

    /** Nobody's requests must be signed. */
    public static final TenantSignatures NONE = new TenantSignatures(List.of(), "");

    /** In place of a prefix: every tenant. */
    public static final String EVERY_TENANT = "*";

    /** What {@link #areKeys} asks for. */
    public static final String KEY_RULE = "one key a line, each of 32 characters or more";

    private final List<String> prefixes;
    private final List<SecretKeySpec> keys;

    /**
     * @param prefixes what the names begin with of those whose requests must be signed
     * @param keys one a line: the first signs, all are accepted, so that a key can be changed; without any, no signature is accepted
     */
    public TenantSignatures(List<String> prefixes, String keys) {
        this.prefixes = List.copyOf(prefixes);
        this.keys = areKeys(keys)
                ? Arrays.stream(keys.strip().split("\\s+"))
                        .map(key -> new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                        .toList()
                : List.of();
    }

    /** Whether a secret can be the keys. */
    public static boolean areKeys(String text) {
        return KEYS.matcher(text).matches();
    }

    /** Whether this tenant's requests must be signed. */
    public boolean cover(String tenant) {
        return prefixes.stream().anyMatch(prefix -> prefix.equals(EVERY_TENANT) || tenant.startsWith(prefix));
    }

    /** Whether there is a key. */
    public boolean canSign() {
        return !keys.isEmpty();
    }

    /**
     * Whether a request may be that tenant's: it need not be signed, or the signature is right.
     *
     * @param replay what the headers of a replay ask for; empty for a request of its own
     */
    public boolean admit(String tenant, String replay, byte @Nullable [] value, @Nullable String signature) {
        if (!cover(tenant)) {
            return true;
        }
        if (signature == null) {
            return false;
        }
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        boolean right = false;
        for (SecretKeySpec key : keys) {
            right |= MessageDigest.isEqual(
                    given, sign(tenant, replay, value, key).getBytes(StandardCharsets.UTF_8));
        }
        return right;
    }

    /**
     * The signature of a request.
     *
     * @param replay what the headers of a replay ask for; empty for a request of its own
     * @throws IllegalStateException if there is no key
     */
    public String sign(String tenant, String replay, byte[] value) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("signature: no key (expected: " + KEY_RULE + ")");
        }
        return sign(tenant, replay, value, keys.getFirst());
    }

    private static String sign(String tenant, String replay, byte @Nullable [] value, SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(tenant.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            if (!replay.isEmpty()) {
                mac.update(replay.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return HexFormat.of().formatHex(value == null ? mac.doFinal() : mac.doFinal(value));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "TenantSignatures[" + String.join(",", prefixes) + "]";
    }
}
