package dev.penstock.budget;

import dev.penstock.schemas.BudgetStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says where budgets stand. Sums past what a record can hold are shown as the most that it can. */
final class BudgetStatusPolicy {

    private static final BigDecimal MOST_USD = new BigDecimal("1000000000000");
    private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Long.MAX_VALUE);

    private BudgetStatusPolicy() {}

    static List<BudgetStatus> of(String tenant, Ledger ledger) {
        return ledger.meters().stream()
                .map(meter -> new BudgetStatus(
                        tenant,
                        meter.window().text(),
                        null,
                        meter.period().start(),
                        meter.period().end(),
                        state(meter),
                        dollars(meter.usd()),
                        tokens(meter.tokens()),
                        ledger.asOf()))
                .toList();
    }

    /** Of one model's share, which no limit is on. */
    static BudgetStatus of(String tenant, Meter meter, ModelShare share, Instant asOf) {
        return new BudgetStatus(
                tenant,
                meter.window().text(),
                share.model(),
                meter.period().start(),
                meter.period().end(),
                BudgetStatus.State.OK,
                dollars(unlimited(share.usd())),
                tokens(unlimited(share.tokens())),
                asOf);
    }

    private static Gauge unlimited(BigDecimal used) {
        return Gauge.of(null, null).add(used.max(BigDecimal.ZERO));
    }

    private static BudgetStatus.State state(Meter meter) {
        if (meter.usd().spent() || meter.tokens().spent()) {
            return BudgetStatus.State.EXCEEDED;
        }
        if (meter.usd().refuses() || meter.tokens().refuses()) {
            return BudgetStatus.State.EXHAUSTED;
        }
        return warns(meter.usd()) || warns(meter.tokens()) ? BudgetStatus.State.WARNING : BudgetStatus.State.OK;
    }

    private static boolean warns(Gauge gauge) {
        return gauge.passes(Level.SOFT) || gauge.passes(Level.HALF);
    }

    private static BudgetStatus.Dollars dollars(Gauge gauge) {
        return new BudgetStatus.Dollars(
                gauge.used().min(MOST_USD),
                gauge.reserved().min(MOST_USD),
                gauge.limit(),
                gauge.soft(),
                gauge.remaining(),
                percent(gauge));
    }

    private static BudgetStatus.Tokens tokens(Gauge gauge) {
        return new BudgetStatus.Tokens(
                shown(gauge.used()),
                shown(gauge.reserved()),
                shownOrNull(gauge.limit()),
                shownOrNull(gauge.soft()),
                shownOrNull(gauge.remaining()),
                percent(gauge));
    }

    private static @Nullable BigDecimal percent(Gauge gauge) {
        BigDecimal percent = gauge.percent();
        return percent == null ? null : percent.min(MOST_USD);
    }

    private static @Nullable Long shownOrNull(@Nullable BigDecimal tokens) {
        return tokens == null ? null : shown(tokens);
    }

    private static long shown(BigDecimal tokens) {
        return tokens.min(MOST_TOKENS).longValueExact();
    }
}
