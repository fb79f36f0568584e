package dev.penstock.budget;

import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Bodies for tests, read as intake reads them. */
final class Bodies {

    private static final BoundedJson JSON = new BoundedJson(CodecLimits.DEFAULT);

    private Bodies() {}

    static JsonNode json(String text) {
        return switch (JSON.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))) {
            case BoundedJson.Read.Tree tree -> tree.node();
            case BoundedJson.Read.Refused refused -> throw new IllegalArgumentException(refused.detail());
        };
    }

    static JsonNode message(String content) {
        return json("{'messages':[{'role':'user','content':" + content + "}],'max_tokens':10}");
    }
}
