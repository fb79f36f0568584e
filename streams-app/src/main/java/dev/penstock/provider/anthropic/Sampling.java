package dev.penstock.provider.anthropic;

import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the answer is drawn, where it stops, and for whom. */
final class Sampling {

    private Sampling() {}

    static void translate(Asked body, ObjectNode out) throws Untranslatable {
        share(body, "temperature", out);
        share(body, "top_p", out);
        ArrayNode stops = stops(body);
        if (!stops.isEmpty()) {
            out.set("stop_sequences", stops);
        }
        Optional<String> user = user(body);
        user.ifPresent(id -> out.putObject("metadata").put("user_id", id));
        serviceTier(body, out);
    }

    /**
     * OpenAI's temperatures go up to 2. A higher one is refused, as no value here would draw the same. For both fields 1 is
     * what goes without saying; newer models take them in no other way.
     */
    private static void share(Asked body, String name, ObjectNode out) throws Untranslatable {
        JsonNode value = body.take(name).orElse(null);
        if (value == null) {
            return;
        }
        if (!isShare(value)) {
            throw body.refusal(name, "0..1 for Anthropic");
        }
        if (value.decimalValue().compareTo(BigDecimal.ONE) != 0) {
            out.set(name, value);
        }
    }

    private static boolean isShare(JsonNode value) {
        return value.isNumber()
                && value.decimalValue().signum() >= 0
                && value.decimalValue().compareTo(BigDecimal.ONE) <= 0;
    }

    private static ArrayNode stops(Asked body) throws Untranslatable {
        ArrayNode stops = JsonNodeFactory.instance.arrayNode();
        JsonNode stop = body.take("stop").orElse(stops);
        if (stop.isString()) {
            return stops.add(stop);
        }
        if (!stop.isArray()) {
            throw body.refusal("stop", "text or an array of texts");
        }
        for (JsonNode one : stop) {
            if (!one.isString()) {
                throw body.refusal("stop", "text or an array of texts");
            }
            stops.add(one);
        }
        return stops;
    }

    /** The newer name is OpenAI's own replacement for the older one. */
    private static Optional<String> user(Asked body) throws Untranslatable {
        Optional<String> newer = body.optionalText("safety_identifier");
        Optional<String> older = body.optionalText("user");
        return newer.or(() -> older);
    }

    /** The others are prices and speeds that only OpenAI sells. */
    private static void serviceTier(Asked body, ObjectNode out) throws Untranslatable {
        switch (body.optionalText("service_tier").orElse("auto")) {
            case "auto" -> {}
            case "default" -> out.put("service_tier", "standard_only");
            default -> throw body.refusal("service_tier", "auto or default");
        }
    }
}
