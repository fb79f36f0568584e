package dev.penstock.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Tells the requests that an import wrote from all others. A proof is the import's signature under the tenant and every byte of the request, so a copy
 * of the metadata in another request proves nothing, nor does the same request under another tenant. Lines share signatures: a proof is a nonce, the
 * line's number and path in a {@link LineTree}, and the signature under its root.
 */
final class BatchProof {

    static final String ALGORITHM = "Ed25519";
    /** What comes before the 32 bytes of a public key in its X.509 form. */
    static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    static final int NONCE_BYTES = 16;
    static final int SIGNATURE_BYTES = 64;
    static final int BYTES = NONCE_BYTES + 1 + LineTree.PATH_BYTES + SIGNATURE_BYTES;

    private final BatchId id;
    private final PublicKey key;
    /** Roots with the signatures that hold for them. Nobody but the import can make more. */
    private final Set<ByteBuffer> signed = new HashSet<>();

    BatchProof(BatchId id) {
        this.id = id;
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
        byte[] proof;
        try {
            proof = Base64.getUrlDecoder().decode(stamp.proof());
        } catch (IllegalArgumentException none) {
            return false;
        }
        if (proof.length != BYTES || proof[NONCE_BYTES] < 0 || proof[NONCE_BYTES] >= LineTree.MOST_LINES) {
            return false;
        }
        byte[] nonce = Arrays.copyOf(proof, NONCE_BYTES);
        int pathAt = NONCE_BYTES + 1;
        int signatureAt = pathAt + LineTree.PATH_BYTES;
        byte[] root = LineTree.root(
                LineTree.leaf(nonce, line(stamp.withoutProof(request), tenant)),
                proof[NONCE_BYTES],
                Arrays.copyOfRange(proof, pathAt, signatureAt));
        return isSigned(root, Arrays.copyOfRange(proof, signatureAt, BYTES));
    }

    /** What a leaf is the hash of. No tenant's name has a zero byte. */
    static byte[] line(byte[] withoutProof, String tenant) {
        return joined((tenant + '\0').getBytes(StandardCharsets.UTF_8), withoutProof);
    }

    /** What is signed. */
    static byte[] statement(BatchId id, byte[] root) {
        return joined(id.toString().getBytes(StandardCharsets.UTF_8), root);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private boolean isSigned(byte[] root, byte[] text) {
        ByteBuffer pair = ByteBuffer.wrap(joined(root, text));
        if (signed.contains(pair)) {
            return true;
        }
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(statement(id, root));
            return signature.verify(text) && signed.add(pair);
        } catch (GeneralSecurityException none) {
            return false;
        }
    }

    private static PublicKey key(String text) throws GeneralSecurityException {
        byte[] encoded = joined(PREFIX, Base64.getUrlDecoder().decode(text));
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }
}
