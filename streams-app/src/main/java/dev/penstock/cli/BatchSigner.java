package dev.penstock.cli;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** One import: makes the batch's id and signs its lines. The private key is nowhere else and ends with it. */
final class BatchSigner {

    private final KeyPair keys;
    private final BatchId id;

    BatchSigner(Instant now, long lines) {
        try {
            this.keys = KeyPairGenerator.getInstance(BatchProof.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException noSuch) {
            throw new IllegalStateException("Java without " + BatchProof.ALGORITHM, noSuch);
        }
        byte[] encoded = keys.getPublic().getEncoded();
        this.id = BatchId.of(now, lines, text(Arrays.copyOfRange(encoded, BatchProof.PREFIX.length, encoded.length)));
    }

    BatchId id() {
        return id;
    }

    /**
     * The line as it is to be written.
     *
     * @param line one JSON object, as the request codec accepts it
     * @param tenant whose line it is
     */
    byte[] sign(byte[] line, String tenant) {
        byte[] stamped = BatchStamp.stamp(line, id);
        try {
            Signature signature = Signature.getInstance(BatchProof.ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(BatchProof.signed(stamped, tenant));
            return BatchStamp.read(stamped).orElseThrow().withProof(stamped, text(signature.sign()));
        } catch (GeneralSecurityException cannot) {
            throw new IllegalStateException("no signature", cannot);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
