package dev.penstock.batching;

import dev.penstock.batching.BatchDecision.Alone;
import dev.penstock.batching.BatchDecision.Gather;
import dev.penstock.batching.BatchDecision.Reason;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CanonicalJson;
import dev.penstock.schemas.Request;
import dev.penstock.work.Fingerprint;
import dev.penstock.work.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides which requests may share a prompt, and with whom. */
final class BatchPolicy {

    private static final Set<String> MESSAGE_FIELDS = Set.of("role", "content");

    /**
     * What the request says holds; where it says nothing, the tenant's default; where neither does, no.
     *
     * @param tenantDefault null where the tenant's policy does not say
     */
    BatchDecision decide(String tenant, Request request, Route route, @Nullable BatchDirective tenantDefault) {
        BatchDirective directive = Objects.requireNonNullElse(
                request.batch(), Objects.requireNonNullElse(tenantDefault, BatchDirective.NEVER));
        if (directive == BatchDirective.NEVER) {
            return new Alone(Reason.NOT_ALLOWED);
        }
        Optional<ObjectNode> parameters = BatchParameters.of(request.body());
        return parameters.isEmpty()
                ? new Alone(Reason.FIELD)
                : withMessages(tenant, route, parameters.get(), request.body().path("messages"));
    }

    private static BatchDecision withMessages(String tenant, Route route, ObjectNode parameters, JsonNode messages) {
        List<JsonNode> system = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (JsonNode message : messages) {
            boolean isUser = message.path("role").asString("").equals("user");
            boolean isSystem =
                    Set.of("system", "developer").contains(message.path("role").asString(""));
            boolean inPlace = isUser || (isSystem && said.isEmpty());
            if (!inPlace || !MESSAGE_FIELDS.containsAll(message.propertyNames())) {
                return new Alone(Reason.CONVERSATION);
            }
            Optional<String> text = text(message.path("content"));
            if (text.isEmpty()) {
                return new Alone(Reason.NOT_TEXT);
            }
            if (isUser) {
                said.add(text.get());
            } else {
                system.add(message);
            }
        }
        return said.isEmpty()
                ? new Alone(Reason.CONVERSATION)
                : new Gather(
                        key(tenant, route, parameters, system),
                        new BatchItem(parameters, system, String.join("\n\n", said)));
    }

    /** The text of a content that is nothing else. */
    private static Optional<String> text(JsonNode content) {
        if (!content.isArray()) {
            return content.isString() ? Optional.of(content.stringValue()) : Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            if (!part.path("type").asString("").equals("text")
                    || !part.path("text").isString()) {
                return Optional.empty();
            }
            parts.add(part.path("text").stringValue());
        }
        return Optional.of(String.join("\n", parts));
    }

    private static GroupKey key(String tenant, Route route, ObjectNode parameters, List<JsonNode> system) {
        String hash = Fingerprint.of(
                Fingerprint.text(tenant),
                Fingerprint.text(Objects.requireNonNullElse(route.tier(), "")),
                Fingerprint.text(Objects.requireNonNullElse(route.model(), "")),
                Fingerprint.text(route.timeout().toString()),
                CanonicalJson.bytes(texts(route.chain())),
                CanonicalJson.bytes(parameters),
                CanonicalJson.bytes(JsonNodeFactory.instance.arrayNode().addAll(system)));
        return new GroupKey(tenant, hash);
    }

    private static JsonNode texts(List<String> names) {
        var array = JsonNodeFactory.instance.arrayNode();
        names.forEach(array::add);
        return array;
    }
}
