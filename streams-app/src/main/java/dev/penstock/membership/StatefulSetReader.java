package dev.penstock.membership;

import dev.penstock.membership.StatefulSetLook.Gone;
import dev.penstock.membership.StatefulSetLook.Present;
import dev.penstock.membership.StatefulSetLook.Unknown;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what the API answered. Only an answer that is about that StatefulSet is believed, a refusal too: a proxy can say 404 as well. */
final class StatefulSetReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private StatefulSetReader() {}

    static StatefulSetLook read(int status, byte[] body, String name) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException noJson) {
            return new Unknown("the API answered " + status + " without JSON");
        }
        return switch (status) {
            case OK -> found(answer, name);
            case NOT_FOUND ->
                isAbout(answer, name)
                        ? new Gone()
                        : new Unknown("the API answered 404 (expected: of statefulset " + name + ")");
            case 401, 403 ->
                new Unknown("the API answered " + status + " (expected: the right to get statefulset " + name + ")");
            default -> new Unknown("the API answered " + status + " (expected: 200)");
        };
    }

    private static boolean isAbout(JsonNode refusal, String name) {
        return text(refusal, "/kind").equals("Status")
                && text(refusal, "/reason").equals("NotFound")
                && text(refusal, "/details/kind").equals("statefulsets")
                && text(refusal, "/details/name").equals(name);
    }

    private static StatefulSetLook found(JsonNode answer, String name) {
        if (!text(answer, "/kind").equals("StatefulSet")
                || !text(answer, "/metadata/name").equals(name)) {
            return new Unknown("the API answered something else (expected: statefulset " + name + ")");
        }
        JsonNode replicas = answer.at("/spec/replicas");
        JsonNode first = answer.at("/spec/ordinals/start");
        if (!isCount(replicas) || !(first.isMissingNode() || isCount(first))) {
            return new Unknown("statefulset " + name + " has no count of replicas (expected: spec.replicas)");
        }
        boolean beingDeleted = !text(answer, "/metadata/deletionTimestamp").isEmpty();
        return new Present(replicas.asInt(), first.asInt(0), beingDeleted);
    }

    private static boolean isCount(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.asInt() >= 0;
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asString("");
    }
}
