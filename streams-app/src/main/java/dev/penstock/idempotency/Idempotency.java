package dev.penstock.idempotency;

import dev.penstock.config.IdempotencyConfig;
import dev.penstock.work.Admitted;
import dev.penstock.work.Emission;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The idempotency stage, ready to be wired: what requests pass, and what settled calls pass. */
public final class Idempotency {

    private final IdempotencyPolicy policy;
    private final Transactions transactions;
    private final IntakeGate gate;
    private final Map<TaskId, TaskDuplicates> tasks = new ConcurrentHashMap<>();

    /** @param gate is told how much follows requests in flight */
    public Idempotency(IdempotencyConfig config, Transactions transactions, IntakeGate gate) {
        this.policy = new IdempotencyPolicy(config.retention());
        this.transactions = transactions;
        this.gate = gate;
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

    /** The task starts; what was in memory of an earlier start of it is forgotten. */
    TaskDuplicates start(ProcessorContext<?, ?> context) {
        TaskDuplicates started = new TaskDuplicates(gate, context.taskId().partition());
        tasks.put(context.taskId(), started);
        return started;
    }

    /** Those of a task whose first processor has started. */
    TaskDuplicates duplicates(ProcessorContext<?, ?> context) {
        return Objects.requireNonNull(tasks.get(context.taskId()));
    }

    /** The task has left; a later start of it, on another thread, keeps what is its own. */
    void end(TaskId task, TaskDuplicates duplicates) {
        tasks.remove(task, duplicates);
    }
}
