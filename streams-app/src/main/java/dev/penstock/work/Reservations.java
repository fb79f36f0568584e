package dev.penstock.work;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of a task's tenants, as the stage sees them that lets calls out. All that is written here belongs to the
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
     * Counts what a dispatch came to.
     *
     * @param reserved whether a reservation was granted to it, as far as the caller knows
     * @return the event as it is counted: with its cost, and the worst case where nobody knows the usage
     */
    UsageEvent settle(UsageEvent event, boolean reserved, Instant now);

    @Override
    void close();

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

        /** It may not. */
        record Denied(DeadLetterCode code, String detail) implements Answer {}

        /** It may not before the time given, and is to wait. */
        record Held(Instant until) implements Answer {}

        /** It may not; along that cheaper route it might, and is to ask again. */
        record Downgraded(Route route) implements Answer {}
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
