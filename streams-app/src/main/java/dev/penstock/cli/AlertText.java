package dev.penstock.cli;

import dev.penstock.schemas.Alert;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.WireCodec;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Alerts as they are printed and sent on. */
final class AlertText {

    private static final WireCodec CODEC = new WireCodec();
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIME = 26;
    private static final int KIND = 9;
    private static final int SUBJECT = 24;
    private static final int STATE = 14;
    private static final int DETAIL = 120;

    static final String HEADER = row("AT", "KIND", "SUBJECT", "FROM", "TO", "DETAIL");

    private AlertText() {}

    static String row(byte[] value) {
        try {
            Alert alert = CODEC.readAlert(value);
            return row(
                    alert.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                    alert.kind().wireName(),
                    alert.subject(),
                    or(alert.from()),
                    or(alert.to()),
                    alert.detail());
        } catch (MalformedRecordException foreign) {
            return row("?", "?", "?", "?", "?", "not an alert");
        }
    }

    static String json(byte[] value) {
        try {
            return JSON.readTree(value) instanceof ObjectNode alert ? JsonLine.of(alert) : "{}";
        } catch (JacksonException foreign) {
            return "{}";
        }
    }

    /** The alert and, as {@code text}, one sentence of it: chat services show that. */
    static String webhookBody(Alert alert) {
        ObjectNode body = (ObjectNode) JSON.readTree(CODEC.write(alert));
        String change =
                alert.to() == null ? "" : " " + (alert.from() == null ? "" : alert.from() + " -> ") + alert.to();
        body.put(
                "text",
                "penstock: " + alert.kind().wireName() + " " + alert.subject() + change + ": " + alert.detail());
        return JsonLine.of(body);
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private static String row(String at, String kind, String subject, String from, String to, String detail) {
        return String.join(
                " ",
                Cell.padded(at, TIME),
                Cell.padded(kind, KIND),
                Cell.padded(subject, SUBJECT),
                Cell.padded(from, STATE),
                Cell.padded(to, STATE),
                Cell.escaped(detail, DETAIL));
    }
}
