package dev.penstock.dispatch;

import dev.penstock.dispatch.DispatchDecision.Doubt;
import dev.penstock.dispatch.DispatchDecision.Failed;
import dev.penstock.dispatch.DispatchDecision.Late;
import dev.penstock.dispatch.DispatchDecision.Requeue;
import dev.penstock.dispatch.DispatchDecision.Rest;
import dev.penstock.dispatch.DispatchDecision.Settle;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Call;
import dev.penstock.work.Emission;
import dev.penstock.work.PolicyApplied;
import dev.penstock.work.RequestId;
import dev.penstock.work.Verdict;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Takes calls in, and their outcomes back; a policy that changed may let calls out that wait. */
final class DispatchProcessor implements Processor<String, Object, String, Object> {

    private final DispatchParts parts;
    private DispatchTask task;

    @SuppressWarnings("NullAway.Init") // the task is set in init, before the first record
    DispatchProcessor(DispatchParts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        task = new DispatchTask(parts, context);
        task.start();
    }

    @Override
    public void process(Record<String, Object> record) {
        switch (record.value()) {
            case Call call -> task.admit(call);
            case Outcome outcome -> settle(outcome);
            case PolicyApplied applied -> task.governed(applied.tenant());
            default ->
                throw new IllegalStateException(
                        "dispatch received a " + record.value().getClass().getSimpleName());
        }
        task.advance();
    }

    private void settle(Outcome outcome) {
        RequestId id = RequestId.parse(outcome.requestId());
        @Nullable CallEntry entry = id == null ? null : task.store().get(id);
        switch (parts.policy().onOutcome(entry, outcome)) {
            case Late late -> task.emit(task.count(Spending.ofLate(outcome), false, entry));
            case Settle settle -> settle(outcome, entry, settle);
            case Failed failed -> failed(outcome, known(entry), failed);
            case Rest rest -> {
                task.release(known(entry), outcome.attempt());
                task.rest(known(entry), outcome, rest.due());
            }
            case Requeue requeue -> {
                task.release(known(entry), outcome.attempt());
                task.requeue(known(entry), new CallState.Waiting(requeue.due(), null));
            }
            case Doubt doubt -> task.resolveDoubt(known(entry));
        }
        if (id != null) {
            task.forgetAfterCommit(id, outcome.attempt());
        }
    }

    private void settle(Outcome outcome, @Nullable CallEntry entry, Settle settle) {
        CallEntry settled = known(entry);
        boolean givenUp = outcome.attempt() < settled.dispatches() || settled.state() instanceof CallState.Waiting;
        Emission.@Nullable Spend spend =
                givenUp ? task.count(Spending.ofLate(outcome), false, settled) : charged(outcome, settled);
        task.settle(settled, costing(settle.verdict(), spend, givenUp ? null : reservedUsd(settled)), spend);
    }

    private static @Nullable BigDecimal reservedUsd(CallEntry entry) {
        return entry.state() instanceof CallState.Dispatched dispatched ? dispatched.reservedUsd() : null;
    }

    private static Verdict costing(Verdict verdict, Emission.@Nullable Spend spend, @Nullable BigDecimal reserved) {
        return switch (verdict) {
            case Verdict.Answer answer ->
                answer.costing(spend == null ? null : spend.event().costUsd(), reserved);
            case Verdict.Failure failure -> failure;
        };
    }

    /** Charges the dispatch that ended, or lets go of what was held for it. */
    private Emission.@Nullable Spend charged(Outcome outcome, CallEntry entry) {
        Optional<UsageEvent> spent = Spending.of(outcome);
        if (spent.isEmpty()) {
            task.release(entry, outcome.attempt());
            return null;
        }
        return task.count(spent.get(), entry.reserved(outcome.attempt()), entry);
    }

    private void failed(Outcome outcome, CallEntry entry, Failed failed) {
        Emission.@Nullable Spend spend = charged(outcome, entry);
        if (spend != null) {
            task.emit(spend);
        }
        task.failed(entry.with(entry.progress().with(outcome)), failed.failure());
    }

    private static CallEntry known(@Nullable CallEntry entry) {
        if (entry == null) {
            throw new IllegalStateException("an outcome without a stored call can only be late");
        }
        return entry;
    }

    @Override
    public void close() {
        task.close();
    }
}
