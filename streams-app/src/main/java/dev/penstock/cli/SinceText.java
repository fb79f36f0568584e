package dev.penstock.cli;

import dev.penstock.config.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Points in time as people write them: {@code 10m} ago, or RFC 3339. */
final class SinceText {

    private SinceText() {}

    static Instant read(String text, Instant now) throws CommandFailure {
        return read("--since", text, now);
    }

    static Instant read(String option, String text, Instant now) throws CommandFailure {
        Optional<Duration> ago = DurationText.read(text);
        return ago.isPresent() ? now.minus(ago.get()) : absolute(option, text);
    }

    private static Instant absolute(String option, String text) throws CommandFailure {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException wrong) {
            throw CommandFailure.usage(option + ": " + Cell.escaped(text, 40)
                    + " (expected: a duration such as 10m, or a time such as 2026-01-31T12:00:00Z)");
        }
    }
}
