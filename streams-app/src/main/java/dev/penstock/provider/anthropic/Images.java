package dev.penstock.provider.anthropic;

import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Pictures, by address or as data. */
final class Images {

    private static final Set<String> MEDIA_TYPES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64";
    private static final String RULE =
            "http(s) address, or base64 data of image/jpeg, image/png, image/gif or image/webp";

    /** Longer than any media type; what lies behind it is not looked through. */
    private static final int LONGEST_HEAD = 64;

    private Images() {}

    /**
     * @param image {@code url}, and {@code detail}, which only OpenAI's own models know
     */
    static ObjectNode block(Asked image) throws Untranslatable {
        ObjectNode source = source(image, image.text("url"));
        image.drop("detail");
        image.nothingElse();
        ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", "image");
        block.set("source", source);
        return block;
    }

    private static ObjectNode source(Asked image, String url) throws Untranslatable {
        String head = url.substring(0, Math.min(url.length(), LONGEST_HEAD)).toLowerCase(Locale.ROOT);
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        if (head.startsWith("https://") || head.startsWith("http://")) {
            return source.put("type", "url").put("url", url);
        }
        int comma = head.indexOf(',');
        if (!head.startsWith(DATA) || comma < 0) {
            throw image.refusal("url", RULE);
        }
        String described = head.substring(DATA.length(), comma);
        String mediaType =
                described.endsWith(BASE64) ? described.substring(0, described.length() - BASE64.length()) : "";
        if (!MEDIA_TYPES.contains(mediaType)) {
            throw image.refusal("url", RULE);
        }
        return source.put("type", "base64").put("media_type", mediaType).put("data", url.substring(comma + 1));
    }
}
