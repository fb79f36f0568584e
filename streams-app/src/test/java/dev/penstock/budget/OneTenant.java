package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tenant with a budget of five dollars a day, and what tests ask of it. */
class OneTenant {

    static final Instant NOON = Instant.parse("2026-05-15T12:00:00Z");
    static final Instant MIDNIGHT = Instant.parse("2026-05-16T00:00:00Z");
    static final Instant NEVER = Instant.parse("2027-01-01T00:00:00Z");
    static final String ACME = "acme";
    static final String MODEL = "m";
    static final LedgerTerms TERMS = new LedgerTerms(
            List.of(Rules.usd("day", "5.00")), ZoneOffset.UTC, Duration.ofHours(24), Duration.ofSeconds(30));

    final MapEntries entries = new MapEntries();
    final Accounts accounts = new Accounts(entries, TERMS);

    Admission reserve(String id, String usd, Instant now) {
        return reserve(id, worst(usd, 150), now);
    }

    Admission reserve(String id, WorstCase worst, Instant now) {
        return accounts.reserve(ACME, id, worst, NEVER, now);
    }

    PolicyChange govern(Instant at, BudgetRule... rules) {
        return accounts.govern(ACME, List.of(rules), at, at);
    }

    static WorstCase worst(String usd, long tokens) {
        return new WorstCase.Bounded(tokens, 0, new Cost.Known(new BigDecimal(usd)));
    }

    static Amount amount(@Nullable String usd, long tokens) {
        return new Amount(usd == null ? null : new BigDecimal(usd), tokens);
    }

    static UsageEvent billed(String id, String usd, Instant at) {
        return Usage.event(ACME, id, UsageEvent.Status.BILLED, new BigDecimal(usd), 10L, at);
    }

    BudgetStatus day(Instant now) {
        return status("day", now);
    }

    BudgetStatus month(Instant now) {
        return status("month", now);
    }

    static BudgetStatus.Dollars usd(BudgetStatus status) {
        return Objects.requireNonNull(status.usd());
    }

    BudgetStatus status(String window, Instant now) {
        return accounts.statuses(ACME, now).stream()
                .filter(status -> status.window().equals(window))
                .findFirst()
                .orElseThrow();
    }
}
