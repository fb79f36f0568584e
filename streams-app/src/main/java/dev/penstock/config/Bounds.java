package dev.penstock.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole numbers from one to another, both included; written {@code 1..256}, {@code 4..}, {@code ..2000} or {@code 0}.
 *
 * @param to {@link Long#MAX_VALUE} for no limit
 */
public record Bounds(long from, long to) {

    static final ValueType<Bounds> TYPE =
            new ValueType<>("whole numbers: 1..256, 4.. (or more), ..2000 (or less), or one", Bounds::read);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})?(\\.\\.)?(\\d{1,18})?");

    private static Optional<Bounds> read(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || text.isEmpty() || text.equals("..")) {
            return Optional.empty();
        }
        String first = form.group(1);
        String last = form.group(3);
        if (form.group(2) == null) {
            return Optional.of(new Bounds(Long.parseLong(text), Long.parseLong(text)));
        }
        long from = first == null ? 0 : Long.parseLong(first);
        long to = last == null ? Long.MAX_VALUE : Long.parseLong(last);
        return from <= to ? Optional.of(new Bounds(from, to)) : Optional.empty();
    }
}
