package dev.penstock.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One request's life, as the topics tell it. */
final class Trace {

    private static final int TIME = 26;
    private static final int AFTER = 12;
    private static final int WHAT = 12;
    private static final int WHERE = 28;
    private static final int MAX_TEXT = 300;
    private static final String UNKNOWN = "?";

    private final String requestId;
    private final Set<TraceEvent> events = new LinkedHashSet<>();
    private final List<TraceEvent> attemptsOtherwise = new ArrayList<>();
    private String customId = UNKNOWN;
    private String tenant = UNKNOWN;

    Trace(String requestId) {
        this.requestId = requestId;
    }

    /** The same event twice is one. */
    void add(TraceEvent event) {
        events.add(event);
    }

    /** What the first record that knows it says. */
    void isOf(String customId, String tenant) {
        this.customId = this.customId.equals(UNKNOWN) ? customId : this.customId;
        this.tenant = this.tenant.equals(UNKNOWN) ? tenant : this.tenant;
    }

    /** What stands in for attempts of which no outcome tells. */
    void attemptsOtherwise(List<TraceEvent> attempts) {
        attemptsOtherwise.addAll(attempts);
    }

    ObjectNode json() {
        ObjectNode trace = JsonLine.object();
        trace.put("request_id", requestId);
        trace.put("custom_id", Cell.cut(customId, MAX_TEXT));
        trace.put("tenant", Cell.cut(tenant, MAX_TEXT));
        ArrayNode list = trace.putArray("events");
        for (TraceEvent event : sorted()) {
            ObjectNode each = list.addObject();
            each.put("at", event.at().toString());
            each.put("after_ms", after(event).toMillis());
            each.put("event", event.what().word());
            each.put("where", event.where());
            each.put("detail", event.detail());
        }
        return trace;
    }

    String table() {
        StringBuilder table = new StringBuilder();
        table.append(Cell.escaped(requestId, MAX_TEXT))
                .append("  custom_id ")
                .append(Cell.escaped(customId, MAX_TEXT))
                .append("  tenant ")
                .append(Cell.escaped(tenant, MAX_TEXT))
                .append('\n');
        for (TraceEvent event : sorted()) {
            table.append("  ")
                    .append(Cell.padded(
                            event.at().truncatedTo(ChronoUnit.MILLIS).toString(), TIME))
                    .append(Cell.padded("+" + after(event).toMillis() + " ms", AFTER))
                    .append(Cell.padded(event.what().word(), WHAT))
                    .append(Cell.padded(event.where(), WHERE))
                    .append(' ')
                    .append(Cell.escaped(event.detail(), MAX_TEXT))
                    .append('\n');
        }
        return table.toString();
    }

    private Duration after(TraceEvent event) {
        return Duration.between(sorted().getFirst().at(), event.at());
    }

    private List<TraceEvent> sorted() {
        boolean told = events.stream().anyMatch(event -> event.what() == TraceEvent.What.ATTEMPT);
        return Stream.concat(events.stream(), told ? Stream.empty() : attemptsOtherwise.stream())
                .sorted(Comparator.comparing(TraceEvent::at).thenComparing(TraceEvent::what))
                .toList();
    }
}
