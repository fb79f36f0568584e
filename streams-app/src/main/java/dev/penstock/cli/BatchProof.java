package dev.penstock.cli;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Tells the requests that an import wrote from all others. A proof is the import's signature under the tenant and every byte of the request, so a copy
 * of the metadata in another request proves nothing, nor does the same request under another tenant.
 */
final class BatchProof {

    static final String ALGORITHM = "Ed25519";
    /** What comes before the 32 bytes of a public key in its X.509 form. */
    static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PublicKey key;

    BatchProof(BatchId id) {
        try {
            this.key = key(id.key());
        } catch (GeneralSecurityException noKey) {
            throw new IllegalArgumentException("a batch's id without a key", noKey);
        }
    }

    /** Whether the text is a public key. */
    static boolean isKey(String text) {
        try {
            Signature.getInstance(ALGORITHM).initVerify(key(text));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            return false;
        }
    }

    /**
     * Whether the import wrote this request.
     *
     * @param stamp as it stands in the request
     * @param tenant whose request it is
     */
    boolean holds(byte[] request, BatchStamp.Found stamp, String tenant) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(signed(stamp.withoutProof(request), tenant));
            return signature.verify(Base64.getUrlDecoder().decode(stamp.proof()));
        } catch (GeneralSecurityException | IllegalArgumentException none) {
            return false;
        }
    }

    /** What is signed. No tenant's name has a zero byte. */
    static byte[] signed(byte[] withoutProof, String tenant) {
        byte[] name = tenant.getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[name.length + 1 + withoutProof.length];
        System.arraycopy(name, 0, signed, 0, name.length);
        System.arraycopy(withoutProof, 0, signed, name.length + 1, withoutProof.length);
        return signed;
    }

    private static PublicKey key(String text) throws GeneralSecurityException {
        byte[] raw = Base64.getUrlDecoder().decode(text);
        byte[] encoded = new byte[PREFIX.length + raw.length];
        System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
        System.arraycopy(raw, 0, encoded, PREFIX.length, raw.length);
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }
}
