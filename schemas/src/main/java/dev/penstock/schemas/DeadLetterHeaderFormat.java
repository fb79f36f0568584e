package dev.penstock.schemas;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and text forms of the headers of a dead letter. */
final class DeadLetterHeaderFormat {

    private final Map<String, String> headers;

    private DeadLetterHeaderFormat(Map<String, String> headers) {
        this.headers = headers;
    }

    static Map<String, String> write(DeadLetterHeaders from) {
        DeadLetterHeaderFormat to = new DeadLetterHeaderFormat(new LinkedHashMap<>());
        to.put("stage", from.code().stage().wireName());
        to.put("code", from.code().code());
        to.put("retryable", from.retryable());
        to.put("attempts", from.attempts());
        to.put("detail", from.detail());
        to.put("original.topic", from.originalTopic());
        to.put("original.partition", from.originalPartition());
        to.put("original.offset", from.originalOffset());
        to.put("original.timestamp", from.originalTimestamp());
        to.put("first.failed.at", from.firstFailedAt());
        to.put("redrive.count", from.redriveCount());
        to.put("app.version", from.appVersion());
        to.put("duplicate.of", from.duplicateOf());
        to.put("original.sha256", from.originalSha256());
        to.put("original.bytes", from.originalBytes());
        to.put("resets.at", from.resetsAt());
        return to.headers;
    }

    static DeadLetterHeaders read(Map<String, String> headers) throws MalformedRecordException {
        DeadLetterHeaderFormat from = new DeadLetterHeaderFormat(headers);
        try {
            return new DeadLetterHeaders(
                    from.code(),
                    from.flag("retryable"),
                    (int) from.number("attempts", 0, Integer.MAX_VALUE),
                    from.text("detail"),
                    from.text("original.topic"),
                    (int) from.number("original.partition", 0, Integer.MAX_VALUE),
                    from.number("original.offset", 0, Long.MAX_VALUE),
                    from.number("original.timestamp", Long.MIN_VALUE, Long.MAX_VALUE),
                    from.instant("first.failed.at"),
                    (int) from.number("redrive.count", 0, Integer.MAX_VALUE),
                    from.text("app.version"),
                    from.find("duplicate.of"),
                    from.find("original.sha256"),
                    from.find("original.bytes") == null ? null : from.number("original.bytes", 0, Long.MAX_VALUE),
                    from.find("resets.at") == null ? null : from.instant("resets.at"));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("dead letter header " + e.getMessage());
        }
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            headers.put(DeadLetterHeaders.PREFIX + name, value.toString());
        }
    }

    private @Nullable String find(String name) {
        return headers.get(DeadLetterHeaders.PREFIX + name);
    }

    private String text(String name) throws MalformedRecordException {
        String value = find(name);
        if (value == null) {
            throw refused(name, "absent", "present");
        }
        return value;
    }

    private DeadLetterCode code() throws MalformedRecordException {
        DeadLetterCode code =
                DeadLetterCode.fromCode(text("code")).orElseThrow(() -> refused("code", "unknown", "a listed code"));
        if (!text("stage").equals(code.stage().wireName())) {
            throw refused("stage", "another one", code.stage().wireName() + " for " + code.code());
        }
        return code;
    }

    private boolean flag(String name) throws MalformedRecordException {
        return switch (text(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(name, "another text", "true|false");
        };
    }

    private long number(String name, long min, long max) throws MalformedRecordException {
        String rule = "a decimal number, " + min + ".." + max;
        try {
            long value = Long.parseLong(text(name));
            if (value < min || value > max) {
                throw refused(name, Long.toString(value), rule);
            }
            return value;
        } catch (NumberFormatException e) {
            throw refused(name, "another text", rule);
        }
    }

    private Instant instant(String name) throws MalformedRecordException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw refused(name, "another text", "an RFC 3339 time");
        }
    }

    private static MalformedRecordException refused(String name, String value, String rule) {
        return new MalformedRecordException(
                DeadLetterHeaders.PREFIX + name + ": " + value + " (expected: " + rule + ")");
    }
}
