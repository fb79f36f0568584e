package dev.penstock.budget;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where ledgers and their entries are kept: one small value for each, of all tenants of a task. Writes of one operation
 * belong to one transaction.
 */
public interface LedgerEntries {

    /** The totals of a tenant; null for one that nothing is known of. */
    @Nullable
    Ledger ledger(String tenant);

    void putLedger(String tenant, Ledger ledger);

    /** What the tenant spent by model; null for one that has spent nothing. */
    @Nullable
    ModelTotals models(String tenant);

    void putModels(String tenant, ModelTotals models);

    /** The open reservation of that id. */
    @Nullable
    Reservation reservation(String tenant, String id);

    /** The charge that is remembered under that id. */
    @Nullable
    Charge charge(String tenant, String id);

    /** Keeps an entry, and its place in the index by expiry. There is none of its kind and id. */
    void put(String tenant, LedgerEntry entry);

    /** Forgets an entry, and its place in the index: the very entry that was put. */
    void delete(String tenant, LedgerEntry entry);

    /** The reservation, of any tenant, whose time came first; null when none's has come. */
    @Nullable
    Due dueReservation(Instant now);

    /** The charge, of any tenant, whose time came first; null when none's has come. */
    @Nullable
    Due dueCharge(Instant now);

    /** An entry whose time has come. */
    record Due(String tenant, LedgerEntry entry) {}
}
