package dev.penstock.faults;

import dev.penstock.guarantees.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the log that the fake provider keeps of its calls. */
final class CallLogReader {

    private static final Set<Integer> CERTAINLY_NOT_BILLED = Set.of(503, 529);
    private static final Set<Integer> REFUSED_AFTER_WORK = Set.of(408, 409);
    private static final int NOTHING_SENT = 0;

    /** What is sent whole and with its usage. */
    private static final Set<String> COMPLETE = Set.of("answer", "late", "drip", "huge");

    private CallLogReader() {}

    static List<Event.ProviderCall> read(Path log) {
        Map<Long, Event.ProviderCall> calls = new LinkedHashMap<>();
        Map<Long, String> scripted = new LinkedHashMap<>();
        for (JsonNode line : lines(log)) {
            long sequence = line.path("sequence").asLong();
            if (line.path("event").asString().equals("received")) {
                calls.put(sequence, open(sequence, line));
                scripted.put(sequence, line.path("scripted").asString());
            } else {
                calls.computeIfPresent(sequence, (same, call) -> ended(call, line, scripted.getOrDefault(same, "")));
            }
        }
        return List.copyOf(calls.values());
    }

    private static Event.ProviderCall open(long sequence, JsonNode line) {
        return new Event.ProviderCall(
                "req_fake_" + sequence,
                line.path("idempotency_key").asString(),
                line.path("key_sha256").asString(""),
                line.path("body_sha256").asString(),
                Instant.parse(line.path("at").asString()),
                null,
                Event.Ending.ABANDONED);
    }

    private static Event.ProviderCall ended(Event.ProviderCall call, JsonNode line, String scripted) {
        return new Event.ProviderCall(
                call.callId(),
                call.idempotencyKey(),
                call.caller(),
                call.bodyDigest(),
                call.startedAt(),
                Instant.parse(line.path("at").asString()),
                ending(line.path("status").asInt(), scripted));
    }

    private static Event.Ending ending(int status, String scripted) {
        if (status == NOTHING_SENT) {
            return Event.Ending.ABANDONED;
        }
        if (status == 200) {
            return COMPLETE.contains(scripted) ? Event.Ending.ANSWERED : Event.Ending.FAILED;
        }
        boolean refused = status < 500 && !REFUSED_AFTER_WORK.contains(status);
        return refused || CERTAINLY_NOT_BILLED.contains(status) ? Event.Ending.REFUSED : Event.Ending.FAILED;
    }

    /** Complete lines: the log may be read while it is written. */
    private static List<JsonNode> lines(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
