package dev.penstock.guarantees;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the small histories, legal and illegal, by which the guarantees themselves are tested. */
final class Histories {

    static final Instant TEN = Instant.parse("2026-11-01T10:00:00Z");
    static final String KEY = "key-1";

    private final List<Event> events = new ArrayList<>();
    private long nextOffset = 1000;

    static Histories empty() {
        return new Histories();
    }

    static String promptOf(String tenant, String customId) {
        return "Say something to " + tenant + " about " + customId;
    }

    static String answerTo(String prompt) {
        return "You asked: " + prompt;
    }

    static String answerTo(Content.Asked asked) {
        return answerTo(asked.prompt());
    }

    static String requestId(long offset) {
        return "llm.requests-0-" + offset;
    }

    /** An acknowledged request of tenant a, at partition 0. */
    Histories sent(long offset, String customId) {
        return sent(offset, "a", customId);
    }

    Histories sent(long offset, String tenant, String customId) {
        return add(new Event.Produced(
                request(tenant, customId), new Delivery.Acked(new Position("llm.requests", 0, offset))));
    }

    Histories sentWithoutAnswer(String customId) {
        return add(new Event.Produced(request("a", customId), new Delivery.Unknown("timeout")));
    }

    Histories readAsRequest(long offset, String customId) {
        return observed(Role.REQUESTS, new Position("llm.requests", 0, offset), TEN, request("a", customId));
    }

    Histories result(long requestOffset, String customId) {
        return result(requestOffset, "a", customId, answerTo(promptOf("a", customId)), TEN);
    }

    Histories result(long requestOffset, String tenant, String customId, String text, Instant admittedAt) {
        return result(tenant, requestOffset, tenant, customId, text, admittedAt);
    }

    Histories result(String key, long requestOffset, String tenant, String customId, String text, Instant admittedAt) {
        String value = """
                {"id":"r","custom_id":"%s","response":{"status_code":200,"request_id":"call-1",
                "body":{"choices":[{"message":{"content":"%s"}}]}},"error":null,
                "penstock":{"tenant":"%s","request_id":"%s","source":"provider","admitted_at":"%s"}}""".formatted(customId, text, tenant, requestId(requestOffset), admittedAt);
        return observed(Role.RESULTS, next("llm.results"), TEN, new Message(key, value, Map.of()));
    }

    Histories deadLetter(long requestOffset) {
        Map<String, String> headers = Map.of(
                "llm.dlq.original.topic", "llm.requests",
                "llm.dlq.original.partition", "0",
                "llm.dlq.original.offset", Long.toString(requestOffset),
                "llm.dlq.code", "provider.unavailable",
                "llm.dlq.retryable", "true");
        return observed(Role.DEAD_LETTERS, next("llm.dead-letters"), TEN, new Message("a", "{}", headers));
    }

    Histories usage(long requestOffset, String eventId, String status) {
        return usage(requestOffset, eventId, status, "a");
    }

    Histories usage(long requestOffset, String eventId, String status, String tenant) {
        String value = "{\"event_id\":\"%s\",\"request_id\":\"%s\",\"attempt\":1,\"tenant\":\"%s\",\"status\":\"%s\"}"
                .formatted(eventId, requestId(requestOffset), tenant, status);
        return observed(Role.USAGE, next("llm.usage"), TEN, new Message(tenant, value, Map.of()));
    }

    /** What request 7 of tenant a cost. */
    Histories charged(String eventId, String status, String usd) {
        String value =
                "{\"event_id\":\"%s\",\"request_id\":\"%s\",\"attempt\":1,\"tenant\":\"a\",\"status\":\"%s\",\"cost_usd\":%s}"
                        .formatted(eventId, requestId(7), status, usd);
        return observed(Role.USAGE, next("llm.usage"), TEN, new Message("a", value, Map.of()));
    }

    /** Where the month of tenant a stands. */
    Histories status(String used, String reserved) {
        String value = "{\"tenant\":\"a\",\"window\":\"month\",\"usd\":{\"used\":%s,\"reserved\":%s}}"
                .formatted(used, reserved);
        return observed(Role.BUDGETS, next("llm.budgets"), TEN, new Message("a|month", value, Map.of()));
    }

    /** What a model's share of that month is. */
    Histories share(String model, String used) {
        String value = "{\"tenant\":\"a\",\"window\":\"month\",\"model\":\"%s\",\"usd\":{\"used\":%s,\"reserved\":0}}"
                .formatted(model, used);
        return observed(Role.BUDGETS, next("llm.budgets"), TEN, new Message("a|month|" + model, value, Map.of()));
    }

    Histories answeredOutcome(long requestOffset, String callId, Instant appendedAt) {
        return outcome(
                requestOffset, "\"kind\":\"answered\",\"answer\":{\"request_id\":\"" + callId + "\"}", appendedAt);
    }

    Histories outcome(long requestOffset, String members, Instant appendedAt) {
        String value = "{\"request_id\":\"" + requestId(requestOffset) + "\",\"attempt\":1," + members + "}";
        return observed(Role.OUTCOMES, next("llm.outcomes"), appendedAt, new Message("a", value, Map.of()));
    }

    /** A call about a request of tenant a, that took a second. */
    Histories call(String callId, String customId, Instant startedAt, Event.Ending ending) {
        return call(callId, customId, startedAt, startedAt.plusSeconds(1), ending);
    }

    Histories call(String callId, String customId, Instant startedAt, @Nullable Instant endedAt, Event.Ending ending) {
        Content asked = ContentReader.read(Role.REQUESTS, request("a", customId));
        String digest = asked instanceof Content.Asked readable ? readable.bodyDigest() : "";
        return add(new Event.ProviderCall(callId, KEY, "", digest, startedAt, endedAt, ending));
    }

    Histories killed(Instant at) {
        return add(new Event.Fault(at, Event.Fault.Kind.KILL, "app", 1));
    }

    Histories printed(String text) {
        return add(new Event.Printed("app.log", text));
    }

    Histories observed(Role role, Position position, Instant timestamp, Message message) {
        return add(new Event.Observed(role, position, timestamp, message));
    }

    /** Reads the last record once more, as a consumer does after a rebalance. */
    Histories again() {
        return add(events.getLast());
    }

    History history() {
        return new History(events);
    }

    private Histories add(Event event) {
        events.add(event);
        return this;
    }

    private Position next(String topic) {
        return new Position(topic, 0, nextOffset++);
    }

    private static Message request(String tenant, String customId) {
        String value = """
                {"custom_id":"%s","tenant":"%s","body":{"messages":[{"role":"user","content":"%s"}]}}""".formatted(customId, tenant, promptOf(tenant, customId));
        return new Message(tenant, value, Map.of());
    }
}
