package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetWindow;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time that a budget lasts, and where its days start. Two windows are the same only if both agree: a month in Berlin
 * starts afresh when it becomes a month in New York.
 *
 * @param text {@code day}, {@code month} or a duration such as {@code 30d}
 * @param zone id of a time zone
 */
public record Window(String text, String zone) {

    static Window of(BudgetRule rule) {
        return new Window(rule.window().text(), rule.timeZone().getId());
    }

    static Window of(BudgetWindow.Calendar calendar, ZoneId zone) {
        return new Window(calendar.text(), zone.getId());
    }

    boolean isOfCalendar() {
        return text.equals(BudgetWindow.Calendar.DAY.text()) || text.equals(BudgetWindow.Calendar.MONTH.text());
    }

    /** The period that a time lies in. */
    Period periodAt(Instant time) {
        BudgetWindow window = BudgetWindow.parse(text)
                .orElseThrow(
                        () -> new IllegalStateException("window: " + text + " (expected: " + BudgetWindow.RULE + ")"));
        return switch (window) {
            case BudgetWindow.Calendar calendar -> calendar(calendar, time);
            case BudgetWindow.Fixed fixed -> fixed(fixed.length().toSeconds(), time);
        };
    }

    private Period calendar(BudgetWindow.Calendar calendar, Instant time) {
        ZoneId place = place();
        LocalDate day = LocalDate.ofInstant(time, place);
        return switch (calendar) {
            case DAY -> between(day, day.plusDays(1), place);
            case MONTH -> between(day.withDayOfMonth(1), day.withDayOfMonth(1).plusMonths(1), place);
        };
    }

    /**
     * Where its days start: at UTC if this Java does not know the zone, which another one did. The policy that named it cannot
     * be read then, and its tenant is denied.
     */
    private ZoneId place() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC;
        }
    }

    private static Period between(LocalDate first, LocalDate next, ZoneId place) {
        return new Period(
                first.atStartOfDay(place).toInstant(), next.atStartOfDay(place).toInstant());
    }

    private static Period fixed(long seconds, Instant time) {
        long start = Math.floorDiv(time.getEpochSecond(), seconds) * seconds;
        return new Period(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + seconds));
    }
}
