package dev.penstock.tiering;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the features of a request: a function of its body alone. The words are English; a request in another language has
 * neither question form. Looks at no more than the first part of a long text, except to measure it.
 */
final class RequestFeatures {

    private static final int LOOKED_AT = 16_384;
    private static final int CODE_LINES = 2;

    private static final Set<String> DEMANDING = Set.of(
            "why",
            "explain",
            "prove",
            "derive",
            "compare",
            "contrast",
            "design",
            "analyse",
            "analyze",
            "evaluate",
            "assess",
            "plan",
            "debug",
            "refactor",
            "optimise",
            "optimize",
            "justify",
            "critique",
            "argue");

    private static final Set<String> PLAIN = Set.of(
            "who",
            "what",
            "when",
            "where",
            "which",
            "translate",
            "classify",
            "extract",
            "label",
            "spell",
            "convert",
            "define",
            "count",
            "list",
            "name");

    private RequestFeatures() {}

    static Map<Feature, Long> of(ObjectNode body) {
        Map<Feature, Long> features = new EnumMap<>(Feature.class);
        long characters = 0;
        boolean code = false;
        String lastUserText = "";
        for (JsonNode message : body.path("messages")) {
            String text = text(message.path("content"));
            characters += text.length();
            code |= holdsCode(text);
            lastUserText = message.path("role").asString("").equals("user") ? text : lastUserText;
        }
        Set<String> words = words(lastUserText);
        features.put(Feature.CHARACTERS, characters);
        features.put(Feature.MESSAGES, (long) body.path("messages").size());
        features.put(
                Feature.TOOLS,
                (long) body.path("tools").size() + body.path("functions").size());
        features.put(Feature.OUTPUT_CAP, outputCap(body));
        features.put(Feature.CODE, one(code));
        features.put(Feature.DEMANDING, one(DEMANDING.stream().anyMatch(words::contains)));
        features.put(Feature.PLAIN, one(PLAIN.stream().anyMatch(words::contains)));
        return features;
    }

    private static long one(boolean holds) {
        return holds ? 1 : 0;
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isString() ? content.stringValue() : "";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString("")).append('\n');
        }
        return text.toString();
    }

    private static boolean holdsCode(String text) {
        String start = start(text);
        return start.contains("```")
                || start.lines()
                                .filter(RequestFeatures::endsLikeCode)
                                .limit(CODE_LINES)
                                .count()
                        == CODE_LINES;
    }

    private static boolean endsLikeCode(String line) {
        String end = line.stripTrailing();
        return end.endsWith(";") || end.endsWith("{") || end.endsWith("}") || end.endsWith("):");
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        String start = start(text).toLowerCase(Locale.ROOT);
        int from = 0;
        for (int i = 0; i <= start.length(); i++) {
            if (i == start.length() || !Character.isLetter(start.charAt(i))) {
                words.add(start.substring(from, i));
                from = i + 1;
            }
        }
        return words;
    }

    private static String start(String text) {
        return text.length() <= LOOKED_AT ? text : text.substring(0, LOOKED_AT);
    }

    private static long outputCap(ObjectNode body) {
        for (String name : List.of("max_completion_tokens", "max_tokens")) {
            JsonNode cap = body.path(name);
            if (cap.isIntegralNumber() && cap.canConvertToLong()) {
                return Math.max(0, cap.longValue());
            }
        }
        return 0;
    }
}
