package dev.penstock.fake;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** The answer to a conversation: a function of its model and its messages, with nothing of the time or the call in it. */
public final class FakeAnswer {

    static final int BYTES_PER_TOKEN = 4;

    private static final int ECHOED_CHARACTERS = 48;

    private FakeAnswer() {}

    /** The text that answers one user message. */
    public static String text(String model, String prompt) {
        return text(Conversation.of(model, prompt));
    }

    /**
     * What the answer is.
     *
     * @param cut the output cap ended it
     */
    record Said(String text, boolean cut) {
        long tokens() {
            return FakeAnswer.tokens(text);
        }
    }

    /**
     * @param cap tokens at most; no limit if it is no whole number
     */
    static Said said(Conversation conversation, JsonNode cap) {
        String text = text(conversation);
        long tokens = cap.isIntegralNumber() ? Math.max(1, cap.asLong()) : Long.MAX_VALUE / BYTES_PER_TOKEN;
        boolean cut = tokens(text) > tokens;
        return new Said(cut ? text.substring(0, (int) Math.min(text.length(), tokens * BYTES_PER_TOKEN)) : text, cut);
    }

    private static String text(Conversation conversation) {
        if (SharedPromptAnswer.isFor(conversation)) {
            return SharedPromptAnswer.text(conversation);
        }
        String digest = Digests.sha256(conversation.model() + "\n" + conversation.transcript())
                .substring(0, 16);
        String last = conversation.last();
        String echo = last.substring(
                        0,
                        last.offsetByCodePoints(0, Math.min(ECHOED_CHARACTERS, last.codePointCount(0, last.length()))))
                .replaceAll("\\p{Cntrl}", " ");
        return "answer " + digest + " to: " + echo;
    }

    static long tokens(String text) {
        return tokens(text.getBytes(StandardCharsets.UTF_8).length);
    }

    static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
