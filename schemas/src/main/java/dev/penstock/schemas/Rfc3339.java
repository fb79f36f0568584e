package dev.penstock.schemas;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as RFC 3339 writes them; Java's own reader takes more than that and less. */
final class Rfc3339 {

    static final String RULE = "an RFC 3339 time such as 2026-11-23T10:00:00Z";

    private static final int MAX_LENGTH = 40;

    private static final Pattern FORM = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant AFTER_LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    private Rfc3339() {}

    /** Years have four digits; the text of any other instant could not be read back. */
    static boolean canHold(Instant instant) {
        return !instant.isBefore(EARLIEST) && instant.isBefore(AFTER_LATEST);
    }

    static Optional<Instant> parse(String text) {
        if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            Instant instant =
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.toUpperCase(Locale.ROOT), Instant::from);
            return Optional.of(instant).filter(Rfc3339::canHold);
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }
}
