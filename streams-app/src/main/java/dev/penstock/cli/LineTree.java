package dev.penstock.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A hash tree over a few lines: one signature under its root is a signature under each of them, and a line's path leads to the root without the other
 * lines. Whatever is missing of a full tree is zeros, which no line's hash is.
 */
final class LineTree {

    static final int DEPTH = 6;
    static final int MOST_LINES = 1 << DEPTH;
    static final int HASH_BYTES = 16;
    static final int PATH_BYTES = DEPTH * HASH_BYTES;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /** From the leaves up to the root. */
    private final List<List<byte[]>> levels = new ArrayList<>();

    /** @param leaves {@value #MOST_LINES} at most */
    LineTree(List<byte[]> leaves) {
        List<byte[]> level = new ArrayList<>(leaves);
        while (level.size() < MOST_LINES) {
            level.add(new byte[HASH_BYTES]);
        }
        levels.add(level);
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>(level.size() / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(hash(NODE, level.get(i), level.get(i + 1)));
            }
            levels.add(above);
            level = above;
        }
    }

    /** @param nonce keeps a line from being guessed by its hash, which stands in its neighbours' paths */
    static byte[] leaf(byte[] nonce, byte[] line) {
        return hash(LEAF, nonce, line);
    }

    byte[] root() {
        return levels.getLast().getFirst();
    }

    /** The hashes that lead from a leaf to the root. */
    byte[] path(int index) {
        byte[] path = new byte[PATH_BYTES];
        for (int level = 0; level < DEPTH; level++) {
            byte[] beside = levels.get(level).get((index >> level) ^ 1);
            System.arraycopy(beside, 0, path, level * HASH_BYTES, HASH_BYTES);
        }
        return path;
    }

    /** The root that a path leads to. */
    static byte[] root(byte[] leaf, int index, byte[] path) {
        byte[] hash = leaf;
        for (int level = 0; level < DEPTH; level++) {
            byte[] beside = Arrays.copyOfRange(path, level * HASH_BYTES, (level + 1) * HASH_BYTES);
            hash = (index >> level & 1) == 0 ? hash(NODE, hash, beside) : hash(NODE, beside, hash);
        }
        return hash;
    }

    private static byte[] hash(byte kind, byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(kind);
            digest.update(first);
            digest.update(second);
            return Arrays.copyOf(digest.digest(), HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
