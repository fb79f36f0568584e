package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.deadletters.ReplayDecision;
import dev.penstock.schemas.DeadLetterHeaders;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** What a replay does, or would do: how many of each code, and how many not, and why. */
final class ReplayCount {

    private static final int MOST_NAMED = 20;
    private static final int CODE = 30;

    private final Map<String, Long> byCode = new TreeMap<>();
    private final Map<ReplayDecision.Reason, Long> refused = new EnumMap<>(ReplayDecision.Reason.class);
    private final List<String> named = new ArrayList<>();

    void replayed(DeadLetter letter) {
        DeadLetterHeaders why = letter.why();
        byCode.merge(why == null ? "?" : why.code().code(), 1L, Long::sum);
    }

    void refused(DeadLetter letter, ReplayDecision.Reason reason) {
        refused.merge(reason, 1L, Long::sum);
        if (!reason.isExpected() && named.size() < MOST_NAMED) {
            named.add(letter.id() + ": not replayed: " + reason.meaning());
        }
    }

    long total() {
        return byCode.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many were asked for and cannot be done. */
    long impossible() {
        return refused.entrySet().stream()
                .filter(entry -> !entry.getKey().isExpected())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Lines for people: what is not replayed, and why; the first ones of those that cannot be by name. */
    List<String> refusals() {
        List<String> lines = new ArrayList<>();
        refused.forEach((reason, count) -> lines.add(count + " not replayed: " + reason.meaning()));
        lines.addAll(named);
        return lines;
    }

    String codes() {
        return byCode.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    String text(OutputForm form, String verb) {
        return switch (form) {
            case JSON -> JsonLine.of(json(verb));
            case TABLE -> table();
        };
    }

    /** @param verb what the count is called */
    ObjectNode json(String verb) {
        ObjectNode object = JsonLine.object();
        object.put(verb, total());
        ObjectNode codes = object.putObject("by_code");
        byCode.forEach(codes::put);
        ObjectNode not = object.putObject("refused");
        refused.forEach((reason, count) -> not.put(reason.wireName(), count));
        return object;
    }

    private String table() {
        List<String> lines = new ArrayList<>();
        lines.add(Cell.padded("CODE", CODE) + " COUNT");
        byCode.forEach((code, count) -> lines.add(Cell.padded(code, CODE) + " " + count));
        lines.add(Cell.padded("total", CODE) + " " + total());
        return String.join("\n", lines);
    }
}
