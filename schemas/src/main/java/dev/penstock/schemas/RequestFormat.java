package dev.penstock.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a request line and their rules. Fields that are not listed here are ignored. */
final class RequestFormat {

    static final long MAX_TIMEOUT_MILLIS = Duration.ofDays(7).toMillis();
    static final long MAX_ATTEMPT_TIMEOUT_MILLIS = Duration.ofHours(1).toMillis();

    /** Shorter than other texts, so that provider and model together still are one. */
    static final int MAX_MODEL = 256;

    private static final String METHOD = "POST";

    /** Fields of a body that say what is called for, and what it costs. */
    private static final Set<String> CHECKED = Set.of(
            "model",
            "messages",
            "stream",
            "n",
            "max_tokens",
            "max_completion_tokens",
            "tools",
            "functions",
            "service_tier",
            "modalities",
            "audio",
            "prediction",
            "web_search_options");

    private RequestFormat() {}

    static Request read(Fields line) throws Refusal {
        String customId = line.text("custom_id");
        checkMethod(line);
        String url = url(line);
        ObjectNode body = body(line);
        Instant deadline = line.instantOrNull("deadline");
        Duration timeout = line.millisOrNull("timeout_ms", 1, MAX_TIMEOUT_MILLIS);
        if (deadline != null && timeout != null) {
            throw new Refusal(
                    DeadLetterCode.INTAKE_INVALID_FIELD,
                    "timeout_ms: " + timeout.toMillis() + " (expected: absent where deadline is given)");
        }
        Priority priority = line.choiceOrNull("priority", Priority.NAMES);
        return new Request(
                customId,
                tenant(line),
                line.textOrNull("idempotency_key"),
                url,
                body,
                line.choiceOrNull("task", Task.NAMES),
                priority == null ? Priority.NORMAL : priority,
                deadline,
                timeout,
                line.millisOrNull("attempt_timeout_ms", 1, MAX_ATTEMPT_TIMEOUT_MILLIS),
                cache(line),
                line.choiceOrNull("batch", BatchDirective.NAMES),
                SavingsFormat.trim(line),
                line.choiceOrNull("in_doubt", InDoubtPolicy.NAMES),
                metadata(line));
    }

    private static void checkMethod(Fields line) throws Refusal {
        JsonNode method = line.find("method");
        if (method != null && !(method.isString() && METHOD.equals(method.stringValue()))) {
            throw line.refused("method", method, METHOD);
        }
    }

    private static String url(Fields line) throws Refusal {
        String url = line.textOrNull("url");
        if (url != null && !url.equals(Request.CHAT_COMPLETIONS)) {
            throw new Refusal(
                    DeadLetterCode.INTAKE_UNSUPPORTED_URL,
                    "url: another one (expected: " + Request.CHAT_COMPLETIONS + ")");
        }
        return Request.CHAT_COMPLETIONS;
    }

    private static ObjectNode body(Fields line) throws Refusal {
        Fields body = line.object("body");
        checkSpellings(body.node());
        JsonNode stream = body.find("stream");
        if (stream != null && !stream.isBoolean()) {
            throw body.refused("stream", stream, "false");
        }
        if (stream != null && stream.booleanValue()) {
            throw new Refusal(DeadLetterCode.INTAKE_STREAM_UNSUPPORTED, "body.stream: true (expected: false)");
        }
        body.text("model", 1, MAX_MODEL);
        return body.node();
    }

    /** Some providers match names whatever their case, so another spelling would replace the field that was checked here. */
    private static void checkSpellings(ObjectNode body) throws Refusal {
        for (String name : body.propertyNames()) {
            // Both ways, as a long s and the sign for kelvin are letters only to one of them.
            String folded = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            if (!folded.equals(name) && CHECKED.contains(folded)) {
                throw new Refusal(
                        DeadLetterCode.INTAKE_INVALID_FIELD,
                        "body." + folded + ": another spelling (expected: small letters)");
            }
        }
    }

    private static @Nullable String tenant(Fields line) throws Refusal {
        JsonNode tenant = line.find("tenant");
        if (tenant == null) {
            return null;
        }
        if (!tenant.isString() || !Tenant.isValid(tenant.stringValue())) {
            throw new Refusal(
                    DeadLetterCode.INTAKE_INVALID_TENANT,
                    "tenant: " + Kinds.of(tenant) + " (expected: " + Tenant.RULE + ")");
        }
        return tenant.stringValue();
    }

    private static CacheDirective cache(Fields line) throws Refusal {
        return Objects.requireNonNullElse(SavingsFormat.cache(line), new CacheDirective.Default());
    }

    private static @Nullable ObjectNode metadata(Fields line) throws Refusal {
        Fields metadata = line.objectOrNull("metadata");
        return metadata == null ? null : metadata.node();
    }
}
