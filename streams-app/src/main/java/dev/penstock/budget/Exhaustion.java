package dev.penstock.budget;

import dev.penstock.schemas.Alert;
import java.time.Instant;
import java.util.Locale;

/**
 * A budget did not hold the most that a call could cost, for the first time in the period. Spend need not have reached the
 * limit for that, and may never reach it.
 *
 * @param window {@code day}, {@code month} or a duration
 */
public record Exhaustion(String window, Period period, Measure measure) {

    /** As an alert for operators. */
    public Alert alert(String tenant, Instant now) {
        return new Alert(
                now,
                Alert.Kind.BUDGET,
                tenant,
                tenant,
                null,
                window + " " + measure.name().toLowerCase(Locale.ROOT) + " exhausted",
                "a call was refused or held: what is left of this " + window
                        + " budget does not hold the most that it could cost; it resets at " + period.end());
    }
}
