package dev.penstock.dispatch;

import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Route;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a request's body what is sent: every field as it came, but a model that the target knows, and an output cap. */
final class ProviderBody {

    private static final String MODEL = "model";
    /** The names under which providers know the output cap; the newer one first. */
    private static final String OUTPUT_CAP = "max_completion_tokens";

    private static final String OLDER_OUTPUT_CAP = "max_tokens";

    /** Of English text in the tokenizers in use; only the token rate depends on it, so a rough figure is enough. */
    private static final int BYTES_PER_TOKEN = 4;

    private ProviderBody() {}

    static String model(Route route, TargetConfig target) {
        return Objects.requireNonNullElse(route.model(), target.model());
    }

    /** The values are those of the body that was asked: nobody changes what is inside of them. */
    static ObjectNode of(ObjectNode asked, Route route, TargetConfig target) {
        ObjectNode sent = asked.objectNode().setAll(asked);
        sent.put(MODEL, model(route, target));
        if (!asked.hasNonNull(OUTPUT_CAP) && !asked.hasNonNull(OLDER_OUTPUT_CAP)) {
            sent.put(OUTPUT_CAP, target.maxOutputTokens());
        }
        return sent;
    }

    /** The output cap of a body that is sent: any number as the nearest that a usage may have, 0 for what is none. */
    static long outputCap(ObjectNode sent) {
        JsonNode cap = sent.hasNonNull(OUTPUT_CAP) ? sent.path(OUTPUT_CAP) : sent.path(OLDER_OUTPUT_CAP);
        return cap instanceof NumericNode number
                ? (long) Math.clamp(number.decimalValue().doubleValue(), 0.0, TokenUsage.MAX_TOKENS)
                : 0;
    }

    /** What the call counts for in a token rate: prompt and output cap, as providers count it. */
    static long tokens(ObjectNode asked, int requestBytes) {
        return requestBytes / BYTES_PER_TOKEN + outputCap(asked);
    }
}
