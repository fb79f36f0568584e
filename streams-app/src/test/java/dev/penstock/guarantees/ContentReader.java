package dev.penstock.guarantees;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads records as a stranger would: from the documented JSON and headers, without the program's own codecs. */
public final class ContentReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String DEFAULT_TENANT = "default";

    private ContentReader() {}

    /** What a record of that topic says; anything that cannot be read is {@link Content.Unreadable}. */
    public static Content read(Role role, Message message) {
        try {
            return switch (role) {
                case REQUESTS, REROUTED -> request(message);
                case RESULTS -> result(JSON.readTree(message.value()));
                case DEAD_LETTERS -> deadLetter(message.headers());
                case USAGE -> usage(JSON.readTree(message.value()));
                case OUTCOMES -> outcome(JSON.readTree(message.value()));
                case BUDGETS -> budget(JSON.readTree(message.value()));
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return new Content.Unreadable(role + ": " + e.getClass().getSimpleName());
        }
    }

    private static Content request(Message message) {
        JsonNode line = JSON.readTree(message.value());
        String customId = text(line, "custom_id");
        if (customId == null) {
            return new Content.Unreadable("no custom_id");
        }
        String tenant = text(line, "tenant");
        String key = message.key();
        String owner = tenant != null ? tenant : key != null ? key : DEFAULT_TENANT;
        JsonNode body = line.path("body");
        return new Content.Asked(
                owner, customId, body.path("model").asString(""), Bodies.textOf(body), Bodies.digest(body));
    }

    private static Content result(JsonNode line) {
        JsonNode penstock = line.path("penstock");
        JsonNode response = line.path("response");
        JsonNode choice = response.path("body").path("choices").path(0);
        String admittedAt = text(penstock, "admitted_at");
        return new Content.Result(
                required(penstock, "request_id"),
                required(line, "custom_id"),
                required(penstock, "tenant"),
                required(penstock, "source"),
                choice.path("message").path("content").asString(""),
                text(response, "request_id"),
                admittedAt == null ? null : Instant.parse(admittedAt));
    }

    private static Content deadLetter(Map<String, String> headers) {
        Position original = new Position(
                header(headers, "original.topic"),
                Integer.parseInt(header(headers, "original.partition")),
                Long.parseLong(header(headers, "original.offset")));
        return new Content.DeadLetter(
                original.requestId(), header(headers, "code"), Boolean.parseBoolean(header(headers, "retryable")));
    }

    private static Content usage(JsonNode event) {
        return new Content.Usage(
                required(event, "event_id"),
                required(event, "request_id"),
                event.path("attempt").asInt(),
                required(event, "tenant"),
                required(event, "status"),
                event.path("cost_usd").isNumber() ? event.path("cost_usd").decimalValue() : null);
    }

    private static Content budget(JsonNode status) {
        JsonNode usd = status.path("usd");
        return new Content.Budget(
                required(status, "tenant"),
                required(status, "window"),
                text(status, "model"),
                usd.path("used").decimalValue(BigDecimal.ZERO),
                usd.path("reserved").decimalValue(BigDecimal.ZERO));
    }

    private static Content outcome(JsonNode outcome) {
        String kind = required(outcome, "kind");
        JsonNode failure = outcome.path("failure");
        boolean refused = "failed".equals(kind) && "permanent".equals(text(failure, "class"));
        return new Content.Outcome(
                required(outcome, "request_id"),
                outcome.path("attempt").asInt(),
                kind,
                "answered".equals(kind) || refused,
                text(outcome.path("answer"), "request_id"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? value.asString() : null;
    }

    private static String required(JsonNode node, String field) {
        String value = text(node, field);
        if (value == null) {
            throw new IllegalArgumentException(field + ": absent (expected: text)");
        }
        return value;
    }

    private static String header(Map<String, String> headers, String name) {
        String value = headers.get("llm.dlq." + name);
        if (value == null) {
            throw new IllegalArgumentException("llm.dlq." + name + ": absent (expected: text)");
        }
        return value;
    }
}
