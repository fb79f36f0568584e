package dev.penstock.schemas;

/** An alert on the wire. */
final class AlertFormat {

    private AlertFormat() {}

    static void write(Output out, Alert alert) {
        out.object(() -> {
            out.instant("at", alert.at());
            out.choice("kind", alert.kind());
            out.text("subject", alert.subject());
            out.text("tenant", alert.tenant());
            out.text("from", alert.from());
            out.text("to", alert.to());
            out.text("detail", alert.detail());
        });
    }

    static Alert read(Fields from) throws Refusal {
        return new Alert(
                from.instant("at"),
                from.choice("kind", Alert.Kind.NAMES),
                from.text("subject"),
                from.textOrNull("tenant"),
                from.textOrNull("from"),
                from.textOrNull("to"),
                from.text("detail", 0, Detail.MAX_BYTES));
    }
}
