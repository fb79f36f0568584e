package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.UsageEvent;
import java.time.Instant;
import java.util.List;

/** What a history asks of a ledger; bugs are planted between the history and the accounts. */
interface Books {

    Admission reserve(String id, WorstCase worst, Instant now);

    Settlement settle(String id, Amount actual, Instant now);

    Settlement settleUnknown(String id, Instant now);

    Settlement release(String id, Instant now);

    Booking correct(String id, Amount actual, Instant now);

    Booking record(UsageEvent event, Instant now);

    PolicyChange govern(List<BudgetRule> rules, Instant at, Instant now);

    Ledger ledger(Instant now);

    /** The books of one tenant, over accounts. */
    class Of implements Books {

        static final String TENANT = "acme";
        static final List<String> MODELS = List.of("m-1", "m-2", "m-3");
        static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");

        private final Accounts accounts;

        Of(Accounts accounts) {
            this.accounts = accounts;
        }

        /** The model that a call goes to. */
        static String model(String id) {
            return MODELS.get(Math.floorMod(id.hashCode(), MODELS.size()));
        }

        /** The model that a late answer is of, which may be another target's. */
        static String lateModel(String id) {
            return MODELS.get(Math.floorMod(id.hashCode() / 7, MODELS.size()));
        }

        @Override
        public Admission reserve(String id, WorstCase worst, Instant now) {
            return accounts.reserve(TENANT, id, worst, NEVER, now);
        }

        @Override
        public Settlement settle(String id, Amount actual, Instant now) {
            return accounts.settle(TENANT, id, model(id), actual, now);
        }

        @Override
        public Settlement settleUnknown(String id, Instant now) {
            return accounts.settleUnknown(TENANT, id, model(id), now);
        }

        @Override
        public Settlement release(String id, Instant now) {
            return accounts.release(TENANT, id, now);
        }

        @Override
        public Booking correct(String id, Amount actual, Instant now) {
            return accounts.correct(TENANT, id, lateModel(id), actual, now);
        }

        @Override
        public Booking record(UsageEvent event, Instant now) {
            return accounts.record(event, now);
        }

        @Override
        public PolicyChange govern(List<BudgetRule> rules, Instant at, Instant now) {
            return accounts.govern(TENANT, rules, at, now);
        }

        @Override
        public Ledger ledger(Instant now) {
            return accounts.ledger(TENANT, now);
        }
    }
}
