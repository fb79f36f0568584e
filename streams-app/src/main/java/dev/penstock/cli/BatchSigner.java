package dev.penstock.cli;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** One import: makes the batch's id and signs its lines. The private key is nowhere else and ends with it. */
final class BatchSigner {

    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys;
    private final BatchId id;

    /**
     * A line to be signed.
     *
     * @param value one JSON object, as the request codec accepts it
     * @param tenant whose line it is
     */
    record Line(byte[] value, String tenant) {}

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
     * The lines as they are to be written.
     *
     * @param lines {@value LineTree#MOST_LINES} at most; they share one signature
     */
    List<byte[]> sign(List<Line> lines) {
        List<byte[]> stamped = new ArrayList<>();
        List<byte[]> nonces = new ArrayList<>();
        List<byte[]> leaves = new ArrayList<>();
        for (Line line : lines) {
            byte[] value = BatchStamp.stamp(line.value(), id);
            byte[] nonce = new byte[BatchProof.NONCE_BYTES];
            random.nextBytes(nonce);
            stamped.add(value);
            nonces.add(nonce);
            leaves.add(LineTree.leaf(nonce, BatchProof.line(value, line.tenant())));
        }
        LineTree tree = new LineTree(leaves);
        byte[] signature = signature(tree.root());
        List<byte[]> signed = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            byte[] place = BatchProof.joined(new byte[] {(byte) i}, tree.path(i));
            byte[] proof = BatchProof.joined(nonces.get(i), BatchProof.joined(place, signature));
            signed.add(BatchStamp.read(stamped.get(i)).orElseThrow().withProof(stamped.get(i), text(proof)));
        }
        return signed;
    }

    private byte[] signature(byte[] root) {
        try {
            Signature signature = Signature.getInstance(BatchProof.ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(BatchProof.statement(id, root));
            return signature.sign();
        } catch (GeneralSecurityException cannot) {
            throw new IllegalStateException("no signature", cannot);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
