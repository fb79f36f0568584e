package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Mistakes that budget keepers have made. The random histories must catch each of them. */
enum PlantedBug {

    /** The same event counts each time that it comes. */
    FORGETS_WHAT_IT_COUNTED {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                @Override
                public void put(String tenant, LedgerEntry entry) {
                    if (entry instanceof Reservation) {
                        super.put(tenant, entry);
                    }
                }
            });
        }
    },

    /** A reservation stays after it has settled. */
    SETTLES_TWICE {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                @Override
                public void delete(String tenant, LedgerEntry entry) {
                    if (entry instanceof Charge) {
                        super.delete(tenant, entry);
                    }
                }
            });
        }
    },

    /** Two calls read the same totals, and the second write wins. */
    LOSES_AN_UPDATE {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                private int writes;

                @Override
                public void putLedger(String tenant, Ledger ledger) {
                    if (++writes % 9 != 0) {
                        super.putLedger(tenant, ledger);
                    }
                }
            });
        }
    },

    /** What changes a model's share is lost now and then. */
    LOSES_AN_UPDATE_OF_A_MODEL {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                private int writes;

                @Override
                public void putModels(String tenant, ModelTotals models) {
                    if (++writes % 9 != 0) {
                        super.putModels(tenant, models);
                    }
                }
            });
        }
    },

    /** Totals are kept outside of the transaction, and survive the crash that rolls the rest back. */
    KEEPS_TOTALS_THROUGH_A_CRASH {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                private final MapEntries outside = new MapEntries();

                @Override
                public @Nullable Ledger ledger(String tenant) {
                    return outside.ledger(tenant);
                }

                @Override
                public void putLedger(String tenant, Ledger ledger) {
                    outside.putLedger(tenant, ledger);
                }
            });
        }
    },

    /** A call that does not fit is admitted with a reservation cut to what is left. */
    CUTS_THE_RESERVATION_TO_THE_HEADROOM {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public Admission reserve(String id, WorstCase worst, Instant now) {
                    Admission asked = super.reserve(id, worst, now);
                    return asked instanceof Admission.OverLimit ? super.reserve(id, NOTHING, now) : asked;
                }
            };
        }
    },

    /** What may have been billed is taken for free. */
    FORGETS_UNKNOWN_SPEND {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public Settlement settleUnknown(String id, Instant now) {
                    return super.settle(id, new Amount(BigDecimal.ZERO, 0L), now);
                }
            };
        }
    },

    /** A late answer adds to what was charged for it. */
    ADDS_A_CORRECTION {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public Booking correct(String id, Amount actual, Instant now) {
                    Charge charge = entries.charge(Books.Of.TENANT, id);
                    return charge == null || charge.status() != UsageEvent.Status.UNKNOWN
                            ? super.correct(id, actual, now)
                            : super.correct(
                                    id,
                                    new Amount(
                                            Objects.requireNonNull(charge.usd())
                                                    .add(Objects.requireNonNull(actual.usd())),
                                            actual.tokens()),
                                    now);
                }
            };
        }
    },

    /** Spend counts in the period in which it becomes known. */
    COUNTS_LATE_USAGE_NOW {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public Booking record(UsageEvent event, Instant now) {
                    Instant counted = event.at().isAfter(now) ? event.at() : now;
                    return super.record(
                            Usage.event(
                                    event.tenant(),
                                    event.eventId(),
                                    event.status(),
                                    event.costUsd(),
                                    event.usage() == null ? null : event.usage().totalTokens(),
                                    counted),
                            now);
                }
            };
        }
    },

    /** Periods roll over when somebody gets round to it. */
    ROLLS_OVER_LATE {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public Admission reserve(String id, WorstCase worst, Instant now) {
                    return super.reserve(id, worst, now.minusSeconds(3_600));
                }
            };
        }
    },

    /** The policy that is read last wins, however old it is. */
    TAKES_AN_OLDER_POLICY {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                @Override
                public PolicyChange govern(List<BudgetRule> rules, Instant at, Instant now) {
                    return super.govern(rules, now, now);
                }
            };
        }
    },

    /** A released reservation is not given back. */
    LEAKS_RELEASED_RESERVATIONS {
        @Override
        Books plant(MapEntries entries) {
            return over(new Passing(entries) {
                private boolean dropped;

                @Override
                public void delete(String tenant, LedgerEntry entry) {
                    super.delete(tenant, entry);
                    dropped = entry instanceof Reservation;
                }

                @Override
                public void put(String tenant, LedgerEntry entry) {
                    super.put(tenant, entry);
                    dropped = false;
                }

                @Override
                public void putLedger(String tenant, Ledger ledger) {
                    if (!dropped) {
                        super.putLedger(tenant, ledger);
                    }
                    dropped = false;
                }
            });
        }
    },

    /** Every tenth admission is not asked about. */
    ADMITS_WITHOUT_ASKING {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                private int asked;

                @Override
                public Admission reserve(String id, WorstCase worst, Instant now) {
                    Admission admission = super.reserve(id, worst, now);
                    return ++asked % 10 == 0 && admission instanceof Admission.Denied
                            ? super.reserve(id, NOTHING, now)
                            : admission;
                }
            };
        }
    },

    /** A denial that stays when there is room again. */
    DENIES_WHAT_FITS {
        @Override
        Books plant(MapEntries entries) {
            return new Changed(History.sound(entries)) {
                private boolean denied;

                @Override
                public Admission reserve(String id, WorstCase worst, Instant now) {
                    Admission admission = super.reserve(id, worst, now);
                    if (denied && admission instanceof Admission.Granted) {
                        super.release(id, now);
                        return new Admission.Unbounded("phantom");
                    }
                    denied = admission instanceof Admission.Denied;
                    return admission;
                }
            };
        }
    };

    private static final WorstCase NOTHING = new WorstCase.Bounded(0, 0, new Cost.Known(BigDecimal.ZERO));

    abstract Books plant(MapEntries entries);

    private static Books over(LedgerEntries entries) {
        return new Books.Of(new Accounts(entries, History.TERMS));
    }
}
