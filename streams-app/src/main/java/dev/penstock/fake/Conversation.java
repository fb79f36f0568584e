package dev.penstock.fake;

import java.nio.charset.StandardCharsets;

/**
 * What was said, as far as an answer depends on it, in whichever language it came.
 *
 * @param transcript every message with its role
 * @param last the text of the last message
 * @param messages how many there are
 */
record Conversation(String model, String transcript, String last, int messages) {

    private static final int TOKENS_PER_MESSAGE = 3;

    /** One user message. */
    static Conversation of(String model, String prompt) {
        return new Builder().add("user", prompt).build(model);
    }

    String digest() {
        return Digests.sha256(model + transcript);
    }

    long promptTokens() {
        return FakeAnswer.tokens(transcript) + (long) TOKENS_PER_MESSAGE * (messages + 1);
    }

    /** Puts one together, message by message. */
    static final class Builder {

        private final StringBuilder transcript = new StringBuilder();
        private String last = "";
        private int messages;

        Builder add(String role, String text) {
            transcript.append(role).append(": ").append(text).append('\n');
            last = text;
            messages++;
            return this;
        }

        /** Bytes of the transcript so far. */
        int size() {
            return transcript.toString().getBytes(StandardCharsets.UTF_8).length;
        }

        Conversation build(String model) {
            return new Conversation(model, transcript.toString(), last, messages);
        }
    }
}
