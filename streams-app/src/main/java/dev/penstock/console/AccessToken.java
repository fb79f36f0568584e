package dev.penstock.console;

import dev.penstock.config.SecretRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token that makes more of a reader. Only its digest is kept. */
final class AccessToken {

    private static final int FEWEST_CHARACTERS = 16;
    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] digest;

    private AccessToken(byte @Nullable [] digest) {
        this.digest = digest;
    }

    /**
     * @param reference null for none
     * @throws ConsoleStartException when it leads nowhere, or the token is easily guessed
     */
    static AccessToken of(@Nullable SecretRef reference) throws ConsoleStartException {
        if (reference == null) {
            return new AccessToken(null);
        }
        Optional<String> token = reference.resolve();
        if (token.isEmpty()) {
            throw new ConsoleStartException(
                    "console.token: " + reference.shown() + " (expected: a reference to where the token is)");
        }
        if (token.get().length() < FEWEST_CHARACTERS) {
            throw new ConsoleStartException("console.token: a token of "
                    + token.get().length() + " characters (expected: " + FEWEST_CHARACTERS + " or more)");
        }
        return new AccessToken(sha256(token.get()));
    }

    /** Whether there is none, so that nothing can be changed at all. */
    boolean isReadOnly() {
        return digest == null;
    }

    /**
     * Passes who may change something.
     *
     * @param authorization the request's header
     * @throws ConsoleRefusal 403 where nobody may, 401 without the right token
     */
    void require(@Nullable String authorization) throws ConsoleRefusal {
        if (digest == null) {
            throw new ConsoleRefusal(403, "read-only: console.token is not set");
        }
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            throw new ConsoleRefusal(401, "token: none (expected: the one that console.token refers to)");
        }
        if (!isRight(authorization)) {
            throw new ConsoleRefusal(401, "token: wrong (expected: the one that console.token refers to)");
        }
    }

    /** Whether it is the token. */
    boolean isRight(@Nullable String authorization) {
        return digest != null
                && authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(digest, sha256(authorization.substring(SCHEME.length())));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
