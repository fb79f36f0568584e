package dev.penstock.schemas;

/** The marker of a replay on the wire. */
final class RedriveFormat {

    private RedriveFormat() {}

    static void write(Output out, RedriveMarker marker) {
        out.object(() -> {
            out.text("dead_letter", marker.deadLetter());
            out.instant("failed_at", marker.failedAt());
            out.choice("code", marker.code());
            out.text("request_id", marker.requestId());
            out.integer("redrive_count", marker.redriveCount());
            out.instant("at", marker.at());
        });
    }

    static RedriveMarker read(Fields from) throws Refusal {
        return new RedriveMarker(
                from.text("dead_letter"),
                from.instant("failed_at"),
                from.choice("code", DeadLetterCode.NAMES),
                from.text("request_id"),
                PartsFormat.intOf(from, "redrive_count", 1),
                from.instant("at"));
    }
}
