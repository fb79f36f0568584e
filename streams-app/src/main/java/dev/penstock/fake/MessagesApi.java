package dev.penstock.fake;

import dev.penstock.fake.FakeAnswer.Said;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages API, in both of its versions. */
final class MessagesApi implements Api {

    private static final String KEY = "x-api-key";
    private static final String VERSION = "anthropic-version";
    private static final String REQUEST_ID = "request-id";

    @Override
    public Optional<String> key(HttpFields headers) {
        return Optional.ofNullable(headers.get(KEY)).or(() -> Api.bearer(headers));
    }

    @Override
    public boolean accepts(HttpFields headers, ObjectNode request) {
        return MessagesRules.accept(Objects.requireNonNullElse(headers.get(VERSION), ""), request);
    }

    @Override
    public Conversation conversation(ObjectNode request) {
        return MessagesReading.of(request).conversation();
    }

    @Override
    public ObjectNode answer(ObjectNode request) {
        MessagesReading reading = MessagesReading.of(request);
        Conversation conversation = reading.conversation();
        Said said = FakeAnswer.said(conversation, request.path("max_tokens"));
        Optional<String> tool = forcedTool(request);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", "msg_" + conversation.digest().substring(0, 24));
        body.put("type", "message").put("role", "assistant").put("model", conversation.model());
        body.putArray("content")
                .add(tool.map(name -> call(name, said, conversation)).orElseGet(() -> text(said)));
        body.put("stop_reason", tool.isPresent() ? "tool_use" : said.cut() ? "max_tokens" : "end_turn");
        body.putNull("stop_sequence");
        body.set("usage", usage(reading, said.tokens()));
        return body;
    }

    private static ObjectNode text(Said said) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "text")
                .put("text", said.text())
                .putNull("citations");
    }

    private static ObjectNode call(String name, Said said, Conversation conversation) {
        ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", "tool_use");
        block.put("id", "toolu_" + conversation.digest().substring(0, 24)).put("name", name);
        block.set("input", ForcedTool.arguments(said));
        return block;
    }

    private static Optional<String> forcedTool(ObjectNode request) {
        JsonNode choice = request.path("tool_choice");
        return ForcedTool.name(
                choice.path("type").asString("").equals("any"),
                choice.path("name"),
                request.path("tools").path(0).path("name"));
    }

    private static ObjectNode usage(MessagesReading reading, long outputTokens) {
        long cached = reading.cacheReadTokens() + reading.cacheWrittenTokens();
        return usage(
                reading.conversation().promptTokens() - cached,
                reading.cacheWrittenTokens(),
                reading.cacheReadTokens(),
                outputTokens);
    }

    @Override
    public ObjectNode usage(long promptTokens, long completionTokens) {
        return usage(promptTokens, 0, 0, completionTokens);
    }

    private static ObjectNode usage(long input, long cacheWritten, long cacheRead, long output) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("input_tokens", input)
                .put("cache_creation_input_tokens", cacheWritten)
                .put("cache_read_input_tokens", cacheRead)
                .put("output_tokens", output)
                .put("service_tier", "standard");
    }

    /** Anthropic has no code for an empty account, and no 429 for it. */
    @Override
    public Fault.Refuse refusal(Fault.Refuse byQuota) {
        return byQuota.retryAfter() == null
                ? new Fault.Refuse(400, null, MessagesErrors.NO_CREDIT)
                : new Fault.Refuse(byQuota.status(), byQuota.retryAfter(), null);
    }

    @Override
    public ObjectNode error(Fault.Refuse refusal, String requestId) {
        return MessagesErrors.body(refusal, requestId);
    }

    @Override
    public String requestId() {
        return REQUEST_ID;
    }

    @Override
    public String answerField() {
        return "content";
    }

    @Override
    public String fillerHead() {
        return "{\"id\":\"huge\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"huge\",\"content\":[{\"type\":\"text\",\"text\":\"";
    }

    @Override
    public String fillerTail(ObjectNode usage) {
        return "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":" + usage + "}";
    }
}
