package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.UsageEvent;
import java.time.Instant;
import java.util.List;

/** Books that pass everything on; a bug overrides what it breaks. */
class Changed implements Books {

    private final Books books;

    Changed(Books books) {
        this.books = books;
    }

    @Override
    public Admission reserve(String id, WorstCase worst, Instant now) {
        return books.reserve(id, worst, now);
    }

    @Override
    public Settlement settle(String id, Amount actual, Instant now) {
        return books.settle(id, actual, now);
    }

    @Override
    public Settlement settleUnknown(String id, Instant now) {
        return books.settleUnknown(id, now);
    }

    @Override
    public Settlement release(String id, Instant now) {
        return books.release(id, now);
    }

    @Override
    public Booking correct(String id, Amount actual, Instant now) {
        return books.correct(id, actual, now);
    }

    @Override
    public Booking record(UsageEvent event, Instant now) {
        return books.record(event, now);
    }

    @Override
    public PolicyChange govern(List<BudgetRule> rules, Instant at, Instant now) {
        return books.govern(rules, at, now);
    }

    @Override
    public Ledger ledger(Instant now) {
        return books.ledger(now);
    }
}
