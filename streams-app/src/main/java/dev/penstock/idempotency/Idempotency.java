package dev.penstock.idempotency;

import dev.penstock.config.IdempotencyConfig;
import dev.penstock.work.Admitted;
import dev.penstock.work.Emission;
import dev.penstock.work.GatedFollowers;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.KeptAnswers;
import dev.penstock.work.PerTask;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The idempotency stage, ready to be wired: what requests pass, and what settled calls pass. */
public final class Idempotency {

    private final IdempotencyPolicy policy;
    private final Transactions transactions;
    private final IntakeGate gate;
    private final KeptAnswers kept;
    private final PerTask<IdempotencyStore> stores = new PerTask<>();

    /**
     * @param gate receives how much follows requests in flight
     * @param kept what requests may be given in the stages after this one
     */
    public Idempotency(IdempotencyConfig config, Transactions transactions, IntakeGate gate, KeptAnswers kept) {
        this.policy = new IdempotencyPolicy(config.retention());
        this.transactions = transactions;
        this.gate = gate;
        this.kept = kept;
    }

    /** The stage that every admitted request passes. */
    public ProcessorSupplier<String, Admitted, String, Object> stage(IdempotencyRoutes routes) {
        return () -> new IdempotencyProcessor(this, routes);
    }

    /** The stage that every settled call passes. */
    public ProcessorSupplier<String, Settled, String, Emission> settling() {
        return () -> new IdempotencySettling(this);
    }

    IdempotencyPolicy policy() {
        return policy;
    }

    Transactions transactions() {
        return transactions;
    }

    KeptAnswers kept() {
        return kept;
    }

    /** Whether all that was written before the task started has been read. */
    boolean caughtUp(ProcessorContext<?, ?> context) {
        return gate.caughtUp(context.taskId().partition());
    }

    IdempotencyStore start(ProcessorContext<?, ?> context) {
        int partition = context.taskId().partition();
        return stores.start(
                context,
                new IdempotencyStore(
                        context.getStateStore(IdempotencyStore.NAME),
                        gate.followerLimits(),
                        new GatedFollowers(gate, partition, IntakeGate.Place.DUPLICATES)));
    }

    /** That of a task whose first processor has started. */
    IdempotencyStore store(ProcessorContext<?, ?> context) {
        return stores.of(context);
    }

    void end(ProcessorContext<?, ?> context, IdempotencyStore store) {
        stores.end(context, store);
    }
}
