package dev.penstock.schemas;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time that a budget lasts: a calendar period, or a fixed length. */
public sealed interface BudgetWindow {

    Duration LONGEST = Duration.ofDays(3_660);

    String RULE = "day|month or a duration such as 30s, 30m, 30h, 30d, at most " + LONGEST.toDays() + "d";

    /** How it is written, and what names it in keys. */
    String text();

    /** A day or a month of the calendar. */
    enum Calendar implements BudgetWindow, WireName {
        DAY,
        MONTH;

        private final String text = WireNames.lowerCase(this);

        @Override
        public String text() {
            return text;
        }

        @Override
        public String wireName() {
            return text;
        }
    }

    /** A number of seconds, minutes, hours or days, counted from the epoch. */
    record Fixed(String text, Duration length) implements BudgetWindow {
        public Fixed {
            Checks.positive("budget_duration", length);
        }
    }

    /** Reads {@code day}, {@code month}, {@code 30s}, {@code 30m}, {@code 30h} or {@code 30d}. */
    static Optional<BudgetWindow> parse(String text) {
        return switch (text) {
            case "day" -> Optional.of(Calendar.DAY);
            case "month" -> Optional.of(Calendar.MONTH);
            default -> parseFixed(text);
        };
    }

    private static Optional<BudgetWindow> parseFixed(String text) {
        Matcher matcher = Pattern.compile("([1-9][0-9]{0,8})([smhd])").matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        Duration length = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return length.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(new Fixed(text, length));
    }
}
