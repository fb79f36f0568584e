package dev.penstock.batching;

import dev.penstock.work.Call;
import dev.penstock.work.DueTimes;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards calls that share no prompt, and gathers those that may share a prompt until their window closes. */
final class BatchProcessor implements Processor<String, Object, String, Object> {

    private final BatchParts parts;
    private final Transactions transactions;
    private final IntakeGate gate;
    private final BatchRoutes routes;
    private ProcessorContext<String, Object> context;
    private TaskBatches task;
    private BatchStore store;
    private TaskMembers members;
    private OpenWindows windows;
    private DueTimes dueTimes;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    BatchProcessor(BatchParts parts, Transactions transactions, IntakeGate gate, BatchRoutes routes) {
        this.parts = parts;
        this.transactions = transactions;
        this.gate = gate;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        this.task = parts.start(context);
        this.store = task.store();
        this.members = task.members();
        int partition = context.taskId().partition();
        this.windows = OpenWindows.in(
                store,
                parts.window(),
                (items, bytes) -> gate.waiting(partition, IntakeGate.Place.WINDOWS, items, bytes));
        this.dueTimes = new DueTimes(context).add("windows", () -> windows.nextClose(now()), this::closeDue);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, Object> record) {
        Call call = (Call) record.value();
        Instant now = now();
        switch (parts.decide(context.taskId(), call)) {
            case BatchDecision.Alone alone -> forward(call);
            case BatchDecision.Gather gather -> arrive(call, gather, now);
        }
        closeDue(now);
        dueTimes.refresh();
    }

    private void arrive(Call call, BatchDecision.Gather gather, Instant now) {
        long tokens = Math.max(1, parts.counter().count(gather.item().text()));
        String group = gather.key().hash();
        OpenWindows.@Nullable Open open = windows.of(group);
        BatchLimits limits = parts.limits(call.request(), call.route());
        switch (OpenWindow.arrive(
                open == null ? null : open.account(), tokens, call.ticket().deadline(), limits, now)) {
            case Arrival.GoesAlone alone -> forward(call);
            case Arrival.Joined joined -> join(call, gather.item(), group, tokens, open, joined.window());
            case Arrival.Completed completed -> {
                if (join(call, gather.item(), group, tokens, open, completed.window())) {
                    close(group);
                }
            }
            case Arrival.Displaced displaced -> {
                close(group);
                join(call, gather.item(), group, tokens, null, displaced.opened());
            }
        }
    }

    /** @return whether it waits; one that is too large to wait has gone */
    private boolean join(
            Call call, BatchItem item, String group, long tokens, OpenWindows.@Nullable Open open, OpenWindow account) {
        RequestId shared = open == null ? call.ticket().id().ofSharedCall() : open.call();
        Member member = new Member(
                call.ticket(),
                call.key(),
                call.original(),
                call.route(),
                group,
                tokens,
                account.openedAt(),
                account.closesAt());
        if (!store.put(shared, member)) {
            forward(call);
            return false;
        }
        members.waiting().add(shared, new SharedPrompt.Part(member, call, item), member.original().length);
        windows.put(group, shared, account, member.original().length);
        return true;
    }

    private void close(String group) {
        OpenWindows.Open open = windows.of(group);
        if (open != null) {
            windows.remove(group);
            leave(open, now());
        }
    }

    private void closeDue(Instant now) {
        for (OpenWindows.Open due = windows.due(now);
                due != null && transactions.claim(context, "batching windows", due.bytes());
                due = windows.due(now)) {
            windows.remove(due.group());
            leave(due, now);
        }
    }

    private void leave(OpenWindows.Open open, Instant now) {
        List<SharedPrompt.Part> together = new ArrayList<>();
        for (SharedPrompt.Part part : waiting(open)) {
            if (!parts.enabled() || !part.member().ticket().deadline().isAfter(now)) {
                alone(open.call(), part.member(), part.call());
            } else {
                together.add(part);
            }
        }
        leave(open.call(), together);
    }

    private List<SharedPrompt.Part> waiting(OpenWindows.Open open) {
        List<SharedPrompt.Part> known =
                members.waiting().take(open.call(), open.account().items());
        return known.isEmpty()
                ? stored(open.call())
                : known.stream().sorted(SharedPrompt.Part.BY_RECORD).toList();
    }

    /** Reads the members that memory does not hold any more. A member that this version would refuse makes a call of its own, or ends. */
    private List<SharedPrompt.Part> stored(RequestId shared) {
        List<SharedPrompt.Part> stored = new ArrayList<>();
        for (Member member : store.members(shared)) {
            switch (StoredMembers.read(member, parts.codec())) {
                case StoredMembers.Read.Refused refused -> {
                    store.delete(shared, member);
                    forward(member.ticket().tenant(), member.ended(refused.verdict(), false), routes.settled());
                }
                case StoredMembers.Read.Callable callable -> {
                    BatchItem item = parts.item(member, callable.call().request());
                    if (item == null) {
                        alone(shared, member, callable.call());
                    } else {
                        stored.add(new SharedPrompt.Part(member, callable.call(), item));
                    }
                }
            }
        }
        return stored;
    }

    private void leave(RequestId shared, List<SharedPrompt.Part> together) {
        SharedPrompt prompt = together.size() < 2 ? null : SharedPrompt.of(shared, together, parts);
        if (prompt == null) {
            together.forEach(part -> {
                alone(shared, part.member(), part.call());
                parts.listener().nobodyElse();
            });
            return;
        }
        store.put(shared, new SharedCall(prompt.ids()));
        together.forEach(
                part -> members.left().add(shared, part.member(), part.member().original().length));
        parts.listener().left(together.size());
        forward(prompt.call());
    }

    private void alone(RequestId shared, Member member, Call call) {
        store.delete(shared, member);
        forward(call);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    private void forward(Call call) {
        forward(call.ticket().tenant(), call, routes.called());
    }

    private void forward(String tenant, Object value, String route) {
        context.forward(new Record<>(tenant, value, context.currentSystemTimeMs()), route);
    }

    @Override
    public void close() {
        dueTimes.close();
        parts.end(context, task);
    }
}
