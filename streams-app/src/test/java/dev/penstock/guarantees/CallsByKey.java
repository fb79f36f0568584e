package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The provider calls of a history, by the part of the idempotency key that all attempts of one call share. */
final class CallsByKey {

    private final Map<String, List<Event.ProviderCall>> byKey = new LinkedHashMap<>();
    private final Map<String, String> keyByCallId = new HashMap<>();
    private final Map<String, Set<String>> keysByDigest = new HashMap<>();

    void add(Event.ProviderCall call) {
        byKey.computeIfAbsent(call.call(), key -> new ArrayList<>()).add(call);
        keyByCallId.put(call.callId(), call.call());
        keysByDigest
                .computeIfAbsent(call.bodyDigest(), digest -> new LinkedHashSet<>())
                .add(call.call());
    }

    Set<String> keys() {
        return byKey.keySet();
    }

    /** The calls with that key, the earliest first. */
    List<Event.ProviderCall> of(String key) {
        return byKey.getOrDefault(key, List.of()).stream()
                .sorted(Comparator.comparing(Event.ProviderCall::startedAt))
                .toList();
    }

    /** The key under which the provider gave this answer. */
    Optional<String> keyOfCall(String callId) {
        return Optional.ofNullable(keyByCallId.get(callId));
    }

    /** The key under which a body was asked, if it was asked under exactly one. */
    Optional<String> onlyKeyOfBody(String digest) {
        Set<String> keys = keysByDigest.getOrDefault(digest, Set.of());
        return keys.size() == 1 ? keys.stream().findFirst() : Optional.empty();
    }
}
