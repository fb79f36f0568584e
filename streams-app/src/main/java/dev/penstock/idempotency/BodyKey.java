package dev.penstock.idempotency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the body of an answer is kept: by its content, so that all requests of a tenant that were given it refer to one
 * copy. No tenant refers to another's.
 *
 * @param tenant whose answer it is
 * @param hash SHA-256 of the body as it is stored, in hexadecimal
 */
record BodyKey(String tenant, String hash) {

    static BodyKey of(String tenant, byte[] stored) {
        try {
            return new BodyKey(
                    tenant,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(stored)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
