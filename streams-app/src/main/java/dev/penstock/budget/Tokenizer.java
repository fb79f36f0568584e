package dev.penstock.budget;

import dev.penstock.work.BpeTokenCounter;
import dev.penstock.work.TokenCounter;
import dev.penstock.work.Utf8TokenCounter;

/** How the tokens of a target's models are bounded. */
public enum Tokenizer {
    /** OpenAI's models from GPT-4o on. Their own formatting takes three or four tokens a message, and one more for a name. */
    O200K_BASE(8),
    /** Any model: as many tokens as bytes. */
    UTF8_BYTES(16);

    private final int perPart;

    Tokenizer(int perPart) {
        this.perPart = perPart;
    }

    /** Tokens that a message, a tool or another part costs beside its text. */
    int perPart() {
        return perPart;
    }

    /** Counts a text; never less than the model does. */
    TokenCounter counter() {
        return switch (this) {
            case O200K_BASE -> BpeTokenCounter.o200k();
            case UTF8_BYTES -> Utf8TokenCounter.INSTANCE;
        };
    }
}
