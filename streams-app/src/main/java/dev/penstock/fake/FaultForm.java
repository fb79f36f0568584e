package dev.penstock.fake;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one way in which a fault is written, in scripts and in directives: {@code status=503 retry_after=5s code=x},
 * {@code hang}, {@code drip=1s}, {@code cut}, {@code close}, {@code late=70s}, {@code garbage=html}, {@code huge=50000000} or
 * {@code empty}.
 */
final class FaultForm {

    private static final String KINDS = "status, hang, drip, cut, close, late, garbage, huge or empty";
    private static final long MAX_HUGE_BYTES = 1_000_000_000L;

    private FaultForm() {}

    /** The fault that the fields name; empty if they name none. What is not part of it stays in {@code fields}. */
    static Optional<Fault> take(Map<String, String> fields) {
        Map<String, Fault> found = new LinkedHashMap<>();
        String status = fields.remove("status");
        String retryAfter = fields.remove("retry_after");
        String code = fields.remove("code");
        if (status != null) {
            Duration wait = retryAfter == null ? null : Durations.parse("retry_after", retryAfter);
            found.put("status", new Fault.Refuse(number("status", status, 400, 599), wait, code));
        } else if (retryAfter != null || code != null) {
            throw new ScriptException("retry_after, code", "without status", "together with status");
        }
        for (String kind : new String[] {"hang", "drip", "cut", "close", "late", "garbage", "huge", "empty"}) {
            String value = fields.remove(kind);
            if (value != null) {
                found.put(kind, fault(kind, value));
            }
        }
        if (found.size() > 1) {
            throw new ScriptException("fault", found.keySet(), "one of " + KINDS);
        }
        return found.values().stream().findFirst();
    }

    private static Fault fault(String kind, String value) {
        return switch (kind) {
            case "hang" -> new Fault.Hang();
            case "drip" -> new Fault.Drip(isFlag(value) ? Duration.ofSeconds(1) : Durations.parse("drip", value));
            case "cut" -> new Fault.Cut();
            case "close" -> new Fault.Close();
            case "late" -> new Fault.Late(Durations.parse("late", value));
            case "garbage" -> new Fault.Garbage(isFlag(value) ? GarbageBody.HTML : GarbageBody.named(value));
            case "huge" -> new Fault.Huge(isFlag(value) ? 50_000_000 : number("huge", value, 1, MAX_HUGE_BYTES));
            case "empty" -> new Fault.Empty();
            default -> throw new ScriptException("fault", kind, KINDS);
        };
    }

    private static boolean isFlag(String value) {
        return value.isEmpty() || "true".equals(value);
    }

    private static int number(String name, String text, int min, long max) {
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
            throw new ScriptException(name, text, min + ".." + max);
        }
        return Integer.parseInt(text);
    }
}
