package dev.penstock.work;

import dev.penstock.schemas.Alert;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What leaves the pipeline on one of its output topics. */
public sealed interface Emission {

    /** Whose it is: a tenant, or what an alert is about. */
    default String owner() {
        return switch (this) {
            case Terminal terminal -> terminal.ticket().tenant();
            case Refusal refusal -> refusal.tenant();
            case Spend spend -> spend.event().tenant();
            case Standing standing -> standing.tenant();
            case Alarm alarm -> alarm.alert().subject();
        };
    }

    /**
     * The one terminal of an admitted request.
     *
     * @param ticket the request that ends
     * @param original its value as it arrived
     * @param verdict how it ended
     * @param source whether it was called for, or shares the verdict of another
     * @param duplicateOf the request whose verdict it shares
     */
    record Terminal(
            Ticket ticket,
            byte[] original,
            Verdict verdict,
            Source source,
            @Nullable RequestId duplicateOf) implements Emission {}

    /**
     * The one terminal of a record that was never admitted.
     *
     * @param origin where it came from
     * @param tenant the tenant that it seems to belong to
     * @param original its value as it arrived; null when the record had none
     * @param code why
     * @param detail for people, at most 256 bytes, no prompt text
     * @param at when it was refused
     */
    record Refusal(
            Origin origin, String tenant, byte @Nullable [] original, DeadLetterCode code, String detail, Instant at)
            implements Emission {}

    /**
     * Where a budget stands.
     *
     * @param key of its record
     * @param status null for what is not counted any more
     */
    record Standing(String tenant, String key, @Nullable BudgetStatus status) implements Emission {

        public static Standing of(BudgetStatus status) {
            return new Standing(status.tenant(), status.key(), status);
        }

        /** Ends what was told before under the key. */
        public static Standing gone(String tenant, String key) {
            return new Standing(tenant, key, null);
        }
    }

    /** What an operator wants to know at once. */
    record Alarm(Alert alert) implements Emission {}

    /**
     * What was, or may have been, billed.
     *
     * @param countedBy the ledger that has counted it; null if none has
     * @param traceparent the trace context of the request; null if it has none, or nobody knows it any more
     */
    record Spend(
            UsageEvent event,
            @Nullable String countedBy,
            @Nullable String traceparent) implements Emission {

        /** One that is part of no trace. */
        public Spend(UsageEvent event, @Nullable String countedBy) {
            this(event, countedBy, null);
        }

        /** The same as part of a request's trace. */
        public Spend tracedAs(Origin origin) {
            return new Spend(event, countedBy, origin.traceparent());
        }
    }
}
