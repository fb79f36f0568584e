package dev.penstock.cli;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How far a batch is, under OpenAI's names. A request that was replayed and answered counts as answered. */
final class BatchCount {

    private static final int NAME = 14;

    private final BatchId id;
    private final Set<String> answered = new HashSet<>();
    private final Map<String, BatchEnd.Failed> failed = new HashMap<>();
    private Instant lastEnd = Instant.EPOCH;
    private @Nullable Long written;

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
        if (!answered.contains(end.customId())) {
            failed.put(end.customId(), end);
        }
    }

    /** How many of the requests are on the topic, where that is not all of them. */
    void written(long requests) {
        written = requests;
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
        if (written != null) {
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
        if (written != null) {
            row(table, "written", Long.toString(written));
        }
        return table.toString();
    }

    private String status() {
        return isComplete() ? "completed" : "in_progress";
    }

    private void later(Instant at) {
        lastEnd = at.isAfter(lastEnd) ? at : lastEnd;
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append(Cell.padded(name, NAME)).append(value).append('\n');
    }
}
