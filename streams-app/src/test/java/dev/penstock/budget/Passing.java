package dev.penstock.budget;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entries that pass everything on; a bug overrides what it breaks. */
class Passing implements LedgerEntries {

    private final LedgerEntries entries;

    Passing(LedgerEntries entries) {
        this.entries = entries;
    }

    @Override
    public @Nullable Ledger ledger(String tenant) {
        return entries.ledger(tenant);
    }

    @Override
    public void putLedger(String tenant, Ledger ledger) {
        entries.putLedger(tenant, ledger);
    }

    @Override
    public @Nullable ModelTotals models(String tenant) {
        return entries.models(tenant);
    }

    @Override
    public void putModels(String tenant, ModelTotals models) {
        entries.putModels(tenant, models);
    }

    @Override
    public @Nullable Reservation reservation(String tenant, String id) {
        return entries.reservation(tenant, id);
    }

    @Override
    public @Nullable Charge charge(String tenant, String id) {
        return entries.charge(tenant, id);
    }

    @Override
    public void put(String tenant, LedgerEntry entry) {
        entries.put(tenant, entry);
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        entries.delete(tenant, entry);
    }

    @Override
    public @Nullable Due dueReservation(Instant now) {
        return entries.dueReservation(now);
    }

    @Override
    public @Nullable Due dueCharge(Instant now) {
        return entries.dueCharge(now);
    }
}
