package dev.penstock.budget;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The most input tokens that the body of a chat completion can have. Whatever is not known to be none counts as input,
 * because fields that we do not know are sent all the same. Takes any JSON, and never throws for what it says.
 *
 * @param tokenizer of the target's models
 * @param tokensOfPart the most tokens that one content part can come to, by its type ({@code image_url}), as the
 *     configuration of the target declares; a part of any other type has no bound
 */
public record InputBound(Tokenizer tokenizer, Map<String, Long> tokensOfPart) {

    /** Fields that steer the call and are not read by the model. The prediction is output: see {@link OutputBound}. */
    private static final Set<String> NO_INPUT = Set.of(
            "model",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "temperature",
            "top_p",
            "stream",
            "stream_options",
            "seed",
            "stop",
            "user",
            "metadata",
            "store",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "presence_penalty",
            "frequency_penalty",
            "service_tier",
            "parallel_tool_calls",
            "safety_identifier",
            "prompt_cache_key",
            "modalities",
            "audio",
            "prediction");

    /** Tools that are no more than their description; others fetch input of their own. */
    private static final Set<String> PLAIN_TOOLS = Set.of("function", "custom");

    private static final Set<String> TEXT_PARTS = Set.of("text", "refusal");

    /** Names that may be shown in a reason. */
    private static final Set<String> KNOWN_PARTS = Set.of("image_url", "input_audio", "file", "video_url");

    public InputBound {
        tokensOfPart = Map.copyOf(tokensOfPart);
    }

    /** The bound of a body. */
    public TokenBound of(JsonNode body) {
        TokenTally tally = new TokenTally(tokenizer);
        tally.part();
        if (body.isObject()) {
            body.forEachEntry((name, value) -> field(tally, name, value));
        } else {
            tally.value(body);
        }
        return tally.bound("more input than any model takes");
    }

    private void field(TokenTally tally, String name, JsonNode value) {
        switch (name) {
            case "messages" -> messages(tally, value);
            case "tools" -> tools(tally, value);
            case "web_search_options" -> tally.unbounded("web_search_options");
            default -> {
                if (!NO_INPUT.contains(name)) {
                    elements(tally, value);
                }
            }
        }
    }

    private void messages(TokenTally tally, JsonNode messages) {
        if (!messages.isArray()) {
            elements(tally, messages);
        }
        for (JsonNode message : messages.isArray() ? messages.values() : Set.<JsonNode>of()) {
            tally.part();
            if (message.isObject()) {
                message.forEachEntry((name, value) -> member(tally, name, value));
            } else {
                tally.value(message);
            }
        }
    }

    private void member(TokenTally tally, String name, JsonNode value) {
        if (name.equals("content") && value.isArray()) {
            value.values().forEach(part -> contentPart(tally, part));
        } else if (name.equals("audio") && !value.isNull()) {
            tally.unbounded("audio of an earlier answer");
        } else {
            elements(tally, value);
        }
    }

    private void contentPart(TokenTally tally, JsonNode part) {
        JsonNode type = part.path("type");
        String name = type.isString() ? type.stringValue() : "";
        Long declared = tokensOfPart.get(name);
        tally.part();
        if (part.isString() || TEXT_PARTS.contains(name)) {
            part.forEach(tally::value);
            tally.value(part.isString() ? part : type);
        } else if (declared != null) {
            tally.add(declared);
        } else {
            tally.unbounded(KNOWN_PARTS.contains(name) ? name : "a content part of unknown type");
        }
    }

    private void tools(TokenTally tally, JsonNode tools) {
        elements(tally, tools);
        if (!tools.isNull()) {
            tally.add(tokenizer.forTools());
        }
        if (tools.isArray()) {
            for (JsonNode tool : tools.values()) {
                JsonNode type = tool.path("type");
                if (!type.isString() || !PLAIN_TOOLS.contains(type.stringValue())) {
                    tally.unbounded("a tool that is no function");
                }
            }
        }
    }

    /** Anything that the model may get to see. Each element of a list is one part. */
    private static void elements(TokenTally tally, JsonNode value) {
        tally.part();
        if (value.isArray()) {
            value.values().forEach(element -> {
                tally.part();
                tally.value(element);
            });
        } else {
            tally.value(value);
        }
    }
}
