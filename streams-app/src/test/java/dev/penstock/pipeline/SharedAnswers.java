package dev.penstock.pipeline;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A model that reads a shared prompt: by id, what each item says. */
final class SharedAnswers {

    private static final Pattern ITEM =
            Pattern.compile("\\[\\[ITEM (\\w+)]]\\n(.*?)\\n\\[\\[END \\1]]", Pattern.DOTALL);

    private final List<ObjectNode> elements = new ArrayList<>();
    private final Map<String, String> ids = new LinkedHashMap<>();

    /** Answers every item with its own text behind "re: ". */
    SharedAnswers(Launch launch) {
        Matcher items = ITEM.matcher(prompt(launch));
        while (items.find()) {
            ids.put(items.group(2), items.group(1));
            add(items.group(2), "re: " + items.group(2));
        }
    }

    static String prompt(Launch launch) {
        return launch.request()
                .body()
                .path("messages")
                .valueStream()
                .toList()
                .getLast()
                .path("content")
                .stringValue();
    }

    /** How many items the prompt has; 0 for one that is not shared. */
    int size() {
        return ids.size();
    }

    /** One more element under the id of the item with that text. */
    SharedAnswers add(String item, String answer) {
        return addAs(String.valueOf(ids.get(item)), answer);
    }

    /** One more element under that id. */
    SharedAnswers addAs(String id, String answer) {
        elements.add(JsonMapper.shared().createObjectNode().put("id", id).put("answer", answer));
        return this;
    }

    /** No element for the item with that text. */
    SharedAnswers without(String item) {
        elements.removeIf(element -> element.path("id").asString().equals(ids.get(item)));
        return this;
    }

    List<ObjectNode> elements() {
        return elements;
    }

    String json() {
        ArrayNode answers = JsonMapper.shared().createArrayNode().addAll(elements);
        return JsonMapper.shared().createObjectNode().set("answers", answers).toString();
    }

    static TokenUsage sum(List<TokenUsage> parts) {
        return parts.stream()
                .reduce(
                        new TokenUsage(0, 0, 0, 0),
                        (a, b) -> new TokenUsage(
                                a.promptTokens() + b.promptTokens(),
                                a.completionTokens() + b.completionTokens(),
                                a.cachedTokens() + b.cachedTokens(),
                                a.reasoningTokens() + b.reasoningTokens()));
    }
}
