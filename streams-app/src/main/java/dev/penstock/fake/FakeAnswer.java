package dev.penstock.fake;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The answer to a request: a function of its model and its messages, with nothing of the time or the call in it. */
public final class FakeAnswer {

    private static final int ECHOED_CHARACTERS = 48;
    private static final int BYTES_PER_TOKEN = 4;
    private static final int TOKENS_PER_MESSAGE = 3;
    private static final int MAX_CHOICES = 8;

    /** A fixed point in time, so that the same question has the same answer to the byte. */
    private static final long CREATED_EPOCH_SECONDS = 1_750_000_000L;

    private FakeAnswer() {}

    /** The text that answers one user message. */
    public static String text(String model, String prompt) {
        return text(model, new Conversation("user: " + prompt + "\n", prompt, 1));
    }

    /**
     * What was said, as far as the answer depends on it.
     *
     * @param transcript every message with its role
     * @param last the text of the last message
     */
    private record Conversation(String transcript, String last, int messages) {}

    static String lastPrompt(ObjectNode request) {
        return conversation(request).last();
    }

    /** The whole response body. */
    static ObjectNode body(ObjectNode request) {
        String model = request.path("model").asString("");
        Conversation conversation = conversation(request);
        String text = text(model, conversation);
        long cap = outputCap(request);
        boolean cut = tokens(text) > cap;
        String said = cut ? text.substring(0, (int) Math.min(text.length(), cap * BYTES_PER_TOKEN)) : text;
        int choices = Math.clamp(request.path("n").asInt(1), 1, MAX_CHOICES);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put(
                "id",
                "chatcmpl-" + Digests.sha256(model + conversation.transcript()).substring(0, 24));
        body.put("object", "chat.completion")
                .put("created", CREATED_EPOCH_SECONDS)
                .put("model", model);
        ArrayNode list = body.putArray("choices");
        for (int index = 0; index < choices; index++) {
            list.add(choice(index, said, cut));
        }
        body.set("usage", usage(promptTokens(conversation), tokens(said) * choices));
        return body;
    }

    private static ObjectNode choice(int index, String text, boolean cut) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        choice.put("index", index);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text)
                .putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", cut ? "length" : "stop");
        return choice;
    }

    static ObjectNode usage(long promptTokens, long completionTokens) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0);
        return usage;
    }

    private static String text(String model, Conversation conversation) {
        String digest = Digests.sha256(model + "\n" + conversation.transcript()).substring(0, 16);
        String last = conversation.last();
        String echo = last.substring(
                        0,
                        last.offsetByCodePoints(0, Math.min(ECHOED_CHARACTERS, last.codePointCount(0, last.length()))))
                .replaceAll("\\p{Cntrl}", " ");
        return "answer " + digest + " to: " + echo;
    }

    private static Conversation conversation(ObjectNode request) {
        StringBuilder transcript = new StringBuilder();
        String last = "";
        for (JsonNode message : request.path("messages")) {
            last = text(message.path("content"));
            transcript
                    .append(message.path("role").asString(""))
                    .append(": ")
                    .append(last)
                    .append('\n');
        }
        return new Conversation(
                transcript.toString(), last, request.path("messages").size());
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        StringBuilder parts = new StringBuilder();
        content.forEach(part -> parts.append(part.path("text").asString("")));
        return parts.toString();
    }

    private static long promptTokens(Conversation conversation) {
        return tokens(conversation.transcript()) + (long) TOKENS_PER_MESSAGE * (conversation.messages() + 1);
    }

    private static long tokens(String text) {
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }

    private static long outputCap(ObjectNode request) {
        JsonNode cap = request.path("max_completion_tokens").isNumber()
                ? request.path("max_completion_tokens")
                : request.path("max_tokens");
        return cap.isIntegralNumber() ? Math.max(1, cap.asLong()) : Long.MAX_VALUE / BYTES_PER_TOKEN;
    }
}
