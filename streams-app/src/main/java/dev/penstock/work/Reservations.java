package dev.penstock.work;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Trim;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of a task's tenants, as the stage sees them that dispatches calls. All that is written here belongs to the
 * task's transaction, so a call that leaves after the commit has a reservation that is durable.
 */
public interface Reservations extends AutoCloseable {

    /**
     * Asks for the worst case of a dispatch. A dispatch whose reservation was granted, or that is free, may leave.
     *
     * @param number which dispatch of the request
     * @param until after this time its attempts have ended
     */
    Answer reserve(Ticket ticket, Route route, Request request, int number, Instant until, Instant now);

    /** The dispatch was certainly not billed. */
    void release(String tenant, RequestId id, int number, Instant now);

    /**
     * Counts what a dispatch cost.
     *
     * @param reserved whether a reservation was granted to it, as far as the caller knows
     * @return the event as it is counted: with its cost, and the worst case where nobody knows the usage
     */
    Emission.Spend settle(UsageEvent event, boolean reserved, Instant now);

    /** What a tenant's policy says of its calls beside money. */
    Terms terms(String tenant);

    @Override
    void close();

    /**
     * What a tenant is granted.
     *
     * @param weight its share of permits against other tenants, at least 1
     * @param maxInFlight calls at once; 0 where the policy does not say
     * @param trim what holds for its requests that do not say whether their prompts may be shortened; null for nothing
     */
    record Terms(int weight, int maxInFlight, @Nullable Trim trim) {

        /** Of a tenant without a policy. */
        public static final Terms PLAIN = new Terms(1, 0, null);
    }

    /** Whether a call may leave. */
    sealed interface Answer {

        /** It may, and no budget is touched. */
        record Free() implements Answer {}

        /**
         * It may.
         *
         * @param usd what is held for it; null when no price is known
         */
        record Granted(@Nullable BigDecimal usd) implements Answer {}

        /**
         * It may not.
         *
         * @param resetsAt when the budget that denies it begins anew; null where that is not the reason
         */
        record Denied(
                DeadLetterCode code,
                String detail,
                @Nullable Instant resetsAt) implements Answer {

            /** For a reason that no reset ends. */
            public Denied(DeadLetterCode code, String detail) {
                this(code, detail, null);
            }

            /** The same, where something else would have helped but for another reason, which is said first. */
            public Denied because(String reason) {
                return new Denied(code, Detail.of(reason + "; " + detail), resetsAt);
            }
        }

        /**
         * It may not now, and is to wait and ask again.
         *
         * @param until when it is to ask
         * @param otherwise what becomes of it if too much of its tenant waits already
         * @param again asks again without the request, for as long as the call keeps its route
         */
        record Held(Instant until, Denied otherwise, AsksAgain again) implements Answer {}

        /**
         * It may not; along that route it might, and is to ask again.
         *
         * @param insteadOf what it would end with otherwise
         */
        record Instead(Route route, DeadLetterCode insteadOf) implements Answer {}
    }

    /** Asks for a held call by what was counted when it asked before. */
    interface AsksAgain {

        /** @return null when the call is to ask in full: there is room for it, or its tenant's policy has changed */
        Answer.@Nullable Held stillHeld(Instant now);
    }

    /** Opens the budgets of a task. */
    interface Opener {

        /**
         * The budgets of the task that the context is of.
         *
         * @param emit takes what is to leave the pipeline, in the node that the context is of
         */
        Reservations open(ProcessorContext<?, ?> context, Consumer<Emission> emit);
    }
}
