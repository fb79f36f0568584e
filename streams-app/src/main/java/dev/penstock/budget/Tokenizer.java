package dev.penstock.budget;

import dev.penstock.work.BpeTokenCounter;
import dev.penstock.work.TokenCounter;
import dev.penstock.work.Utf8TokenCounter;

/** How the tokens of a target's models are bounded. */
public enum Tokenizer {
    /** OpenAI's models from GPT-4o on. Their own formatting takes three or four tokens a message, and one more for a name. */
    O200K_BASE(8, 0),
    /**
     * Any model: as many tokens as bytes. Anthropic bills a prompt of its own where a request has tools; twice the most that
     * its page "tool use pricing and tokens" has for a model (530, read in November 2026), as later models may have more.
     */
    UTF8_BYTES(16, 1_060);

    private final int perPart;
    private final int forTools;

    Tokenizer(int perPart, int forTools) {
        this.perPart = perPart;
        this.forTools = forTools;
    }

    /** Tokens that the provider adds, once, where a request has tools. */
    int forTools() {
        return forTools;
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
