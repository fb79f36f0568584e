package dev.penstock.fake;

import dev.penstock.fake.FakeAnswer.Said;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions. */
final class ChatApi implements Api {

    private static final String REQUEST_ID = "x-request-id";
    private static final int MAX_CHOICES = 8;

    /** A fixed point in time, so that the same question has the same answer to the byte. */
    private static final long CREATED_EPOCH_SECONDS = 1_750_000_000L;

    @Override
    public Optional<String> key(HttpFields headers) {
        return Api.bearer(headers);
    }

    @Override
    public boolean accepts(HttpFields headers, ObjectNode request) {
        return request.path("model").isString()
                && request.path("messages").isArray()
                && !request.path("messages").isEmpty()
                && !request.path("stream").asBoolean(false);
    }

    @Override
    public Conversation conversation(ObjectNode request) {
        Conversation.Builder said = new Conversation.Builder();
        for (JsonNode message : request.path("messages")) {
            said.add(message.path("role").asString(""), text(message.path("content")));
        }
        return said.build(request.path("model").asString(""));
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        StringBuilder parts = new StringBuilder();
        content.forEach(part -> parts.append(part.path("text").asString("")));
        return parts.toString();
    }

    @Override
    public ObjectNode answer(ObjectNode request) {
        Conversation conversation = conversation(request);
        Said said = FakeAnswer.said(conversation, outputCap(request));
        int choices = Math.clamp(request.path("n").asInt(1), 1, MAX_CHOICES);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", "chatcmpl-" + conversation.digest().substring(0, 24));
        body.put("object", "chat.completion").put("created", CREATED_EPOCH_SECONDS);
        body.put("model", conversation.model());
        ArrayNode list = body.putArray("choices");
        for (int index = 0; index < choices; index++) {
            list.add(choice(index, said, conversation, request));
        }
        body.set("usage", usage(conversation.promptTokens(), said.tokens() * choices));
        return body;
    }

    private static ObjectNode choice(int index, Said said, Conversation conversation, ObjectNode request) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        choice.put("index", index);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        Optional<String> tool = forcedTool(request);
        if (tool.isPresent()) {
            message.putNull("content").putNull("refusal");
            message.putArray("tool_calls")
                    .addObject()
                    .put("id", "call_" + conversation.digest().substring(0, 24))
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool.get())
                    .put("arguments", ForcedTool.arguments(said).toString());
        } else {
            message.put("content", said.text()).putNull("refusal");
        }
        String finished = tool.isPresent() ? "tool_calls" : said.cut() ? "length" : "stop";
        choice.putNull("logprobs").put("finish_reason", finished);
        return choice;
    }

    private static Optional<String> forcedTool(ObjectNode request) {
        JsonNode choice = request.path("tool_choice");
        return ForcedTool.name(
                choice.asString("").equals("required"),
                choice.path("function").path("name"),
                request.path("tools").path(0).path("function").path("name"));
    }

    private static JsonNode outputCap(ObjectNode request) {
        return request.path("max_completion_tokens").isNumber()
                ? request.path("max_completion_tokens")
                : request.path("max_tokens");
    }

    @Override
    public Fault.Refuse refusal(Fault.Refuse byQuota) {
        return byQuota;
    }

    @Override
    public ObjectNode error(Fault.Refuse refusal, String requestId) {
        return ChatErrors.body(refusal);
    }

    @Override
    public String requestId() {
        return REQUEST_ID;
    }

    @Override
    public String answerField() {
        return "choices";
    }

    @Override
    public ObjectNode usage(long promptTokens, long completionTokens) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0);
        return usage;
    }

    @Override
    public String fillerHead() {
        return "{\"id\":\"huge\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
    }

    @Override
    public String fillerTail(ObjectNode usage) {
        return "\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}";
    }
}
