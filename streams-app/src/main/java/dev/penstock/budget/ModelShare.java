package dev.penstock.budget;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.work.Emission;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * One model's part of what a meter of a tenant counts.
 *
 * @param serial of the meter
 * @param window {@code day} or {@code month}
 * @param start of the period in which it was spent
 * @param told whether the budgets topic says the same
 */
record ModelShare(
        int serial, String window, String model, Instant start, BigDecimal usd, BigDecimal tokens, boolean told) {

    /** Whether it belongs to the meter's period, or to one that is still to come. */
    boolean isLive(Meter meter) {
        return serial == meter.serial() && !start.isBefore(meter.period().start());
    }

    /** Whether it belongs to the period that the meter is in. */
    boolean isCurrent(Meter meter) {
        return serial == meter.serial() && start.equals(meter.period().start());
    }

    ModelShare plus(BigDecimal moreUsd, BigDecimal moreTokens) {
        return new ModelShare(serial, window, model, start, usd.add(moreUsd), tokens.add(moreTokens), false);
    }

    /** That nothing is counted under its name any more. */
    Emission.Standing gone(String tenant) {
        return Emission.Standing.gone(tenant, BudgetStatus.key(tenant, window, model));
    }

    ModelShare asTold() {
        return new ModelShare(serial, window, model, start, usd, tokens, true);
    }
}
