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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides which requests may share a prompt, and with whom. */
final class BatchPolicy {

    private static final Set<String> MESSAGE_FIELDS = Set.of("role", "content");

    /**
     * Both must allow it, the request and its tenant.
     *
     * @param granted what holds for the tenant
     */
    BatchDecision decide(String tenant, Request request, Route route, BatchDirective granted) {
        if (request.batch() != BatchDirective.ALLOW || granted != BatchDirective.ALLOW) {
            return new Alone(Reason.NOT_ALLOWED);
        }
        boolean wantsLess = request.trim() != null && !request.trim().isNever();
        return wantsLess ? new Alone(Reason.FIELD) : allowed(tenant, request, route);
    }

    private static BatchDecision allowed(String tenant, Request request, Route route) {
        Optional<ObjectNode> parameters = BatchParameters.of(request.body());
        return parameters.isEmpty() ? new Alone(Reason.FIELD) : withMessages(tenant, request, route, parameters.get());
    }

    private static BatchDecision withMessages(String tenant, Request request, Route route, ObjectNode parameters) {
        List<JsonNode> system = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (JsonNode message : request.body().path("messages")) {
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
                        key(tenant, request, route, parameters, system),
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

    private static GroupKey key(
            String tenant, Request request, Route route, ObjectNode parameters, List<JsonNode> system) {
        String hash = Fingerprint.of(
                Fingerprint.text(tenant),
                Fingerprint.text(Objects.requireNonNullElse(route.tier(), "")),
                Fingerprint.text(Objects.requireNonNullElse(route.model(), "")),
                Fingerprint.text(route.timeout().toString()),
                Fingerprint.text(String.valueOf(request.attemptTimeout())),
                Fingerprint.text(request.priority().wireName()),
                Fingerprint.text(String.valueOf(request.inDoubt())),
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
