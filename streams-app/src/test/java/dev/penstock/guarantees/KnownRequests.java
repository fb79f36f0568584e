package dev.penstock.guarantees;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The requests that certainly stand on the requests topic: acknowledged to their sender, or read there. */
final class KnownRequests {

    private record Known(Position position, Content content) {}

    private final Map<String, Known> byId = new LinkedHashMap<>();
    private boolean someUnknown;
    private boolean audited;

    void add(Event.Produced produced) {
        switch (produced.delivery()) {
            case Delivery.Acked acked -> put(acked.position(), produced.message());
            case Delivery.Unknown unknown -> someUnknown = true;
        }
    }

    void add(Event.Observed observed) {
        if (observed.role() == Role.REQUESTS) {
            audited = true;
            put(observed.position(), observed.message());
        }
    }

    Iterable<String> ids() {
        return byId.keySet();
    }

    /** Whether a request that is not listed here may exist all the same: sent, unanswered, and the topic not read. */
    boolean mayBeIncomplete() {
        return someUnknown && !audited;
    }

    boolean contains(String requestId) {
        return byId.containsKey(requestId);
    }

    Optional<Position> position(String requestId) {
        return Optional.ofNullable(byId.get(requestId)).map(Known::position);
    }

    /** The request, if it is known and can be read. */
    Optional<Content.Asked> asked(String requestId) {
        return Optional.ofNullable(byId.get(requestId))
                .map(Known::content)
                .filter(Content.Asked.class::isInstance)
                .map(Content.Asked.class::cast);
    }

    /** What was asked, by all requests that can be read. */
    Set<String> bodyDigests() {
        return byId.values().stream()
                .map(Known::content)
                .filter(Content.Asked.class::isInstance)
                .map(content -> ((Content.Asked) content).bodyDigest())
                .collect(Collectors.toSet());
    }

    private void put(Position position, Message message) {
        byId.putIfAbsent(position.requestId(), new Known(position, ContentReader.read(Role.REQUESTS, message)));
    }
}
