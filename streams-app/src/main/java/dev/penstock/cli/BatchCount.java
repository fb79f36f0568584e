package dev.penstock.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a batch is, under OpenAI's names. A line that was replayed and answered counts as answered; until the import's own request has failed, no
 * repetition of it makes the line a failure.
 */
final class BatchCount {

    private static final int NAME = 14;
    private static final int MOST_NAMED = 20;
    private static final int MAX_SHOWN = 80;

    private final BatchId id;
    private final Set<String> answered = new HashSet<>();
    private final Map<String, BatchEnd.Failed> failed = new HashMap<>();
    private Instant lastEnd = Instant.EPOCH;
    private final Set<String> foreign = new LinkedHashSet<>();
    private Set<String> extra = Set.of();
    private long left;
    private long written;

    BatchCount(BatchId id) {
        this.id = id;
    }

    /** @return whether it is the first answer of that custom_id */
    boolean answered(BatchEnd.Answered end) {
        later(end.at());
        failed.remove(end.customId());
        return answered.add(end.customId());
    }

    void failed(BatchEnd.Failed end) {
        later(end.at());
        if (!answered.contains(end.customId()) && (end.own() || failed.containsKey(end.customId()))) {
            failed.put(end.customId(), end);
        }
    }

    /**
     * Says how many of the lines are on the topic.
     *
     * @param more what the import signed beyond the lines of the id
     */
    void written(long lines, Set<String> more) {
        written = lines;
        extra = more;
    }

    /** Notes a request that ended with this batch's id and that its import did not write. */
    void foreign(String request) {
        left++;
        if (foreign.size() < MOST_NAMED) {
            foreign.add(request);
        }
    }

    /** Says what was left out, and why. */
    void warn(PrintStream err) {
        if (left > 0) {
            err.println(left + " requests name this batch and are not of its import; left out: " + listed(foreign));
        }
    }

    /** More than the import's lines cannot end. */
    void requireNoMore() throws CommandFailure {
        if (!extra.isEmpty()) {
            throw CommandFailure.failed(extra.size() + " requests more than the " + id.lines()
                    + " lines of the batch are signed as its lines; left out: custom_id " + listed(extra));
        }
    }

    /** How many of the lines are not on the topic. */
    long missing() {
        return id.lines() - written;
    }

    Map<String, BatchEnd.Failed> failures() {
        return failed;
    }

    long ended() {
        return answered.size() + (long) failed.size();
    }

    boolean isComplete() {
        return ended() >= id.lines();
    }

    ObjectNode json() {
        ObjectNode batch = JsonLine.object();
        batch.put("id", id.toString());
        batch.put("object", "batch");
        batch.put("endpoint", "/v1/chat/completions");
        batch.put("status", status());
        batch.put("created_at", id.created().getEpochSecond());
        if (isComplete()) {
            batch.put("completed_at", lastEnd.getEpochSecond());
        }
        batch.putObject("request_counts")
                .put("total", id.lines())
                .put("completed", answered.size())
                .put("failed", failed.size());
        if (!isComplete()) {
            batch.putObject("penstock").put("written", written);
        }
        return batch;
    }

    String table() {
        StringBuilder table = new StringBuilder();
        row(table, "id", id.toString());
        row(table, "status", status());
        row(table, "created_at", id.created().toString());
        if (isComplete()) {
            row(table, "completed_at", lastEnd.toString());
        }
        row(table, "total", Long.toString(id.lines()));
        row(table, "completed", Integer.toString(answered.size()));
        row(table, "failed", Integer.toString(failed.size()));
        if (!isComplete()) {
            row(table, "written", Long.toString(written));
        }
        return table.toString();
    }

    private String status() {
        return isComplete() ? "completed" : "in_progress";
    }

    private static String listed(Set<String> names) {
        return names.stream()
                        .limit(MOST_NAMED)
                        .map(name -> Cell.escaped(name, MAX_SHOWN))
                        .collect(Collectors.joining(", "))
                + (names.size() < MOST_NAMED ? "" : ", ...");
    }

    private void later(Instant at) {
        lastEnd = at.isAfter(lastEnd) ? at : lastEnd;
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append(Cell.padded(name, NAME)).append(value).append('\n');
    }
}
