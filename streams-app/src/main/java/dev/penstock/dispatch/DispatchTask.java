package dev.penstock.dispatch;

import dev.penstock.dispatch.DispatchDecision.Await;
import dev.penstock.dispatch.DispatchDecision.CallAgain;
import dev.penstock.dispatch.DispatchDecision.InDoubtFrom;
import dev.penstock.dispatch.DispatchDecision.Requeue;
import dev.penstock.dispatch.DispatchDecision.Settle;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.Call;
import dev.penstock.work.Emission.Spend;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.RequestId;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions.PostCommit;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** One task's calls: what waits, what is in flight, what is in doubt. Lives from a task's start to its close. */
final class DispatchTask implements AutoCloseable {

    private final DispatchParts parts;
    private final ProcessorContext<String, Object> context;
    private final int partition;
    private final CallStore store;
    private final WaitingCalls waiting = new WaitingCalls();
    private final DoubtfulCalls doubtful = new DoubtfulCalls();
    private final OneShotTimer timer;

    DispatchTask(DispatchParts parts, ProcessorContext<String, Object> context) {
        this.parts = parts;
        this.context = context;
        this.partition = context.taskId().partition();
        this.store = new CallStore(context.getStateStore(CallStore.NAME));
        this.timer = new OneShotTimer(context, now -> advance());
    }

    CallStore store() {
        return store;
    }

    /** Finds out where the stored calls are in their lives. Writes nothing: what must change, changes when work begins. */
    void start() {
        parts.gate().started(partition);
        parts.runner().assigned(partition);
        store.forEach((entry, size) -> {
            RequestId id = entry.ticket().id();
            boolean held = parts.runner().holds(id, entry.dispatches());
            switch (parts.policy().onStart(entry, held)) {
                case Await await -> {}
                case Requeue requeue -> waiting.addLast(id, size, entry.ticket().deadline());
                case InDoubtFrom doubt -> doubtful.add(id, entry.dispatches(), doubt.time());
            }
        });
        report(now());
    }

    /** Takes a call in: it leaves with this transaction if a permit is free, and waits its turn otherwise. */
    void admit(Call call) {
        CallEntry entry = new CallEntry(call.ticket(), call.key(), call.original(), new CallState.Waiting(), 0, 0);
        Instant now = now();
        if (parts.policy().isOverdue(entry, now)) {
            settle(entry, parts.policy().overdue(entry));
        } else if (!CallStore.fits(entry)) {
            settle(entry, parts.policy().tooLarge(entry));
        } else if (waiting.isEmpty() && parts.permits().tryAcquire(partition)) {
            dispatch(entry, call.request(), now);
        } else {
            store.put(entry);
            waiting.addLast(
                    call.ticket().id(), call.original().length, call.ticket().deadline());
        }
    }

    /** Puts a call that certainly was not sent back, before those that have not had their turn. */
    void requeue(CallEntry entry) {
        store.put(entry);
        waiting.addFirst(
                entry.ticket().id(), entry.original().length, entry.ticket().deadline());
    }

    /** Ends a call. */
    void settle(CallEntry entry, Verdict verdict) {
        RequestId id = entry.ticket().id();
        store.delete(id);
        waiting.remove(id);
        forward(
                entry.ticket().tenant(),
                new Settled(entry.ticket(), entry.key(), verdict, entry.original()),
                parts.routes().settled());
    }

    void spend(Spend spend) {
        forward(spend.event().tenant(), spend, parts.routes().spent());
    }

    /** Applies the request's in-doubt policy; what the lost call may have cost is charged as unknown. */
    void resolveDoubt(CallEntry entry) {
        Instant now = now();
        spend(Spending.ofLost(entry, parts.provider(), "unknown", now));
        switch (parts.policy().onDoubt(entry, now)) {
            case CallAgain again -> requeue(entry.lostOnce());
            case Settle settle -> settle(entry, settle.verdict());
        }
    }

    /** Lets the runner forget a dispatch once that its outcome was processed is durable. */
    void forgetAfterCommit(RequestId id, int number) {
        parts.transactions().afterCommit(new PostCommit() {
            @Override
            public void committed() {
                parts.runner().settled(id, number);
            }

            @Override
            public void dropped() {
                // the outcome will be processed again
            }
        });
    }

    /** Does all that is due now: doubts, deadlines, and as many dispatches as there are permits. */
    void advance() {
        Instant now = now();
        resolveDoubts(now);
        endOverdue(now);
        while (!waiting.isEmpty() && parts.permits().tryAcquire(partition)) {
            dispatchNext(now);
        }
        report(now);
    }

    private void resolveDoubts(Instant now) {
        if (doubtful.isEmpty() || !parts.gate().caughtUp(partition)) {
            return;
        }
        for (DoubtfulCalls.Doubtful due = doubtful.pollDue(now); due != null; due = doubtful.pollDue(now)) {
            CallEntry entry = store.get(due.id());
            if (entry != null && entry.dispatches() == due.number() && entry.state() instanceof CallState.Dispatched) {
                resolveDoubt(entry);
            }
        }
    }

    private void endOverdue(Instant now) {
        for (RequestId id = waiting.pollOverdue(now); id != null; id = waiting.pollOverdue(now)) {
            CallEntry entry = store.get(id);
            if (entry != null) {
                settle(entry, parts.policy().overdue(entry));
            }
        }
    }

    private void dispatchNext(Instant now) {
        RequestId id = waiting.poll();
        @Nullable CallEntry entry = id == null ? null : store.get(id);
        if (entry == null) {
            parts.permits().returned(partition);
            return;
        }
        switch (parts.codec().parse(entry.original())) {
            case RequestCodec.Parsed.Accepted accepted -> dispatch(entry, accepted.request(), now);
            case RequestCodec.Parsed.Refused refused -> refusedAfterAll(entry, refused);
        }
    }

    /** With a permit in hand. */
    private void dispatch(CallEntry entry, Request request, Instant now) {
        CallState.Dispatched state = parts.policy().dispatched(entry, now);
        CallEntry dispatched = entry.dispatched(state);
        store.put(dispatched);
        Launch launch = new Launch(
                entry.ticket(),
                entry.key().hash(),
                request,
                partition,
                dispatched.dispatches(),
                state.owner(),
                state.startBy(),
                parts.policy().timeout(entry, now));
        parts.runner().prepare(launch);
        parts.transactions().afterCommit(new PostCommit() {
            @Override
            public void committed() {
                parts.runner().launch(launch);
            }

            @Override
            public void dropped() {
                parts.runner().withdraw(launch);
            }
        });
    }

    /** A version that admits less than the one before it: no reason to stop all other calls. */
    private void refusedAfterAll(CallEntry entry, RequestCodec.Parsed.Refused refused) {
        parts.permits().returned(partition);
        settle(entry, Verdict.Failure.of(refused.code(), entry.dispatches(), refused.detail()));
    }

    /** Tells the instance what waits here, and sets the next wake-up. */
    private void report(Instant now) {
        parts.permits().want(partition, waiting.size());
        parts.gate().waiting(partition, waiting.size(), waiting.bytes());
        if (!waiting.isEmpty() || doubtful.isDue(now)) {
            timer.wakeAt(now);
        } else if (!doubtful.isEmpty()) {
            timer.wakeAt(doubtful.next());
        }
    }

    private void forward(String tenant, Object value, String route) {
        context.forward(new Record<>(tenant, value, context.currentSystemTimeMs()), route);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        timer.close();
        parts.gate().ended(partition);
        parts.runner().revoked(partition);
        parts.permits().want(partition, 0);
    }
}
