package dev.penstock.budget;

import dev.penstock.schemas.Alert;
import java.time.Instant;
import java.util.Locale;

/**
 * The spend of a tenant has passed a mark, for the first time in the period.
 *
 * @param window {@code day}, {@code month} or a duration
 */
public record Crossing(String window, Period period, Measure measure, Level level) {

    /** As an alert for operators. */
    public Alert alert(String tenant, Instant now) {
        String mark = level == Level.SOFT ? "the soft limit" : level.text() + " % of the limit";
        return new Alert(
                now,
                Alert.Kind.BUDGET,
                tenant,
                tenant,
                null,
                window + " " + measure.name().toLowerCase(Locale.ROOT) + " " + level.text(),
                "spend has passed " + mark + " of this " + window + " budget, which resets at " + period.end());
    }
}
