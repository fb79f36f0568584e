package dev.penstock.budget;

import java.util.Locale;
import java.util.Optional;

/**
 * How the tokens of a target's models are bounded. The configuration of the target says it; the name of a model never does,
 * because gateways serve anything under any name.
 */
public enum Tokenizer {
    /** OpenAI's models from GPT-4o on. */
    O200K_BASE,
    /** Any model: as many tokens as bytes. */
    UTF8_BYTES;

    /** The encoding is loaded once, when it is first needed. */
    private static final class Loaded {
        private static final TokenCounter O200K = BpeTokenCounter.o200k();
        private static final TokenCounter BYTES = new Utf8TokenCounter();
    }

    /** How it is written in a configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what a configuration says. */
    public static Optional<Tokenizer> named(String text) {
        for (Tokenizer tokenizer : values()) {
            if (tokenizer.text().equals(text)) {
                return Optional.of(tokenizer);
            }
        }
        return Optional.empty();
    }

    /** The counter; one for all that ask. */
    public TokenCounter counter() {
        return switch (this) {
            case O200K_BASE -> Loaded.O200K;
            case UTF8_BYTES -> Loaded.BYTES;
        };
    }
}
