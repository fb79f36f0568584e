package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.DeadLetterRemedy;
import dev.penstock.schemas.Tenant;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Dead letters as the commands print them. */
final class DeadLetterText {

    private static final int MAX_CUSTOM_ID = 512;
    private static final int TIME = 24;
    private static final int ID = 30;
    private static final int TENANT = 18;
    private static final int CODE = 26;
    private static final int RETRYABLE = 5;
    private static final int REDRIVES = 3;
    private static final int CUSTOM_ID = 24;
    private static final int DETAIL = 80;
    private static final int MAX_HEADER = 1_000;
    private static final int MAX_VALUE = 4_000;
    private static final String UNKNOWN = "?";

    static final String HEADER = String.join(
            " ",
            Cell.padded("WRITTEN", TIME),
            Cell.padded("ID", ID),
            Cell.padded("TENANT", TENANT),
            Cell.padded("CODE", CODE),
            Cell.padded("RETRY", RETRYABLE),
            Cell.padded("NO", REDRIVES),
            Cell.padded("CUSTOM_ID", CUSTOM_ID),
            "DETAIL");

    private DeadLetterText() {}

    static String row(DeadLetter letter) {
        DeadLetterHeaders why = letter.why();
        return String.join(
                " ",
                Cell.padded(letter.writtenAt().toString(), TIME),
                Cell.padded(letter.id(), ID),
                Cell.padded(tenant(letter), TENANT),
                Cell.padded(why == null ? UNKNOWN : why.code().code(), CODE),
                Cell.padded(why == null ? UNKNOWN : why.retryable() ? "yes" : "no", RETRYABLE),
                Cell.padded(why == null ? UNKNOWN : Integer.toString(why.redriveCount()), REDRIVES),
                Cell.padded(customId(letter).orElse("-"), CUSTOM_ID),
                Cell.escaped(why == null ? "not a dead letter of Penstock's" : why.detail(), DETAIL));
    }

    /** What is known of it without the request itself. */
    static ObjectNode summary(DeadLetter letter) {
        ObjectNode object = JsonLine.object();
        object.put("id", letter.id());
        object.put("written_at", letter.writtenAt().toString());
        letter.requestId().ifPresent(id -> object.put("request_id", id));
        letter.tenant().ifPresent(tenant -> object.put("tenant", tenant.name()));
        customId(letter).ifPresent(id -> object.put("custom_id", Cell.cut(id, MAX_CUSTOM_ID)));
        DeadLetterHeaders why = letter.why();
        if (why != null) {
            object.put("stage", why.code().stage().wireName());
            object.put("code", why.code().code());
            object.put("retryable", why.retryable());
            object.put("attempts", why.attempts());
            object.put("detail", why.detail());
            object.put("redrive_count", why.redriveCount());
        }
        object.put("bytes", letter.bytes());
        object.put("truncated", letter.isCut());
        return object;
    }

    /** All of it: headers and value. A value that is not UTF-8 is {@code value_base64}. */
    static ObjectNode whole(DeadLetter letter) {
        ObjectNode object = summary(letter);
        ObjectNode headers = object.putObject("headers");
        letter.headers().forEach(headers::put);
        byte[] value = letter.value();
        if (value != null) {
            text(value)
                    .ifPresentOrElse(
                            text -> object.put("value", text),
                            () -> object.put("value_base64", Base64.getEncoder().encodeToString(value)));
        }
        return object;
    }

    /** All of it for people: a line for each header, then the value, cut where a screen is full. */
    static String page(DeadLetter letter) {
        StringBuilder page = new StringBuilder();
        page.append(letter.id()).append('\n');
        field(page, "written at", letter.writtenAt().toString());
        field(page, "tenant", tenant(letter));
        field(page, "custom_id", customId(letter).orElse("-"));
        if (letter.why() != null) {
            field(page, "meaning", letter.why().code().meaning());
            field(page, "what to do", DeadLetterRemedy.of(letter.why().code()));
        }
        letter.headers().forEach((name, value) -> field(page, name, value));
        byte[] value = letter.value();
        field(page, "bytes", value == null ? "no value" : Integer.toString(value.length));
        String shown = value == null ? "" : text(value).orElse("not UTF-8; -o json has it in base64");
        return page.append(Cell.escaped(shown, MAX_VALUE)).append('\n').toString();
    }

    private static void field(StringBuilder page, String name, String value) {
        page.append("  ")
                .append(Cell.padded(name, ID))
                .append(' ')
                .append(Cell.escaped(value, MAX_HEADER))
                .append('\n');
    }

    private static Optional<String> customId(DeadLetter letter) {
        byte[] value = letter.value();
        return value == null ? Optional.empty() : LineField.text(value, "custom_id");
    }

    private static String tenant(DeadLetter letter) {
        return letter.tenant().map(Tenant::name).orElse(UNKNOWN);
    }

    private static Optional<String> text(byte[] value) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}
