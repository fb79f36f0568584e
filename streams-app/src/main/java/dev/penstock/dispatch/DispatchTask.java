package dev.penstock.dispatch;

import dev.penstock.dispatch.AttemptChoice.Choice;
import dev.penstock.dispatch.DispatchDecision.CallAgain;
import dev.penstock.dispatch.DispatchDecision.InDoubtFrom;
import dev.penstock.dispatch.DispatchDecision.Requeue;
import dev.penstock.dispatch.DispatchDecision.Settle;
import dev.penstock.provider.Step;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Call;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/** One task's calls: what waits, what is in flight, what is in doubt. Lives from a task's start to its close. */
final class DispatchTask implements AutoCloseable {

    private final DispatchParts parts;
    private final ProcessorContext<String, Object> context;
    private final int partition;
    private final AttemptChoice choice;
    private final CallStore store;
    private final Onward onward;
    private final CallQueue queue;
    private final DoubtfulCalls doubtful;
    private final Reroutes reroutes = new Reroutes();
    private final TenantLoad load;
    private final Launches launches;
    private final Reservations reservations;
    private final HeldPolicy heldPolicy;
    private final HeldAsks asks = new HeldAsks();
    private final TaskPermits permits;
    private final WaitingReport report;
    private final DueTimes dueTimes;
    /** Whether the catch-up was over when this task last looked. */
    private boolean begun;

    DispatchTask(DispatchParts parts, ProcessorContext<String, Object> context) {
        this.parts = parts;
        this.context = context;
        this.partition = context.taskId().partition();
        this.choice = parts.choice().forTask(partition);
        this.doubtful = new DoubtfulCalls(parts.gate(), parts.runner()::runs, partition, now());
        this.store = new CallStore(context.getStateStore(CallStore.NAME));
        this.onward = new Onward(context, parts);
        this.launches = new Launches(parts.runner(), parts.transactions());
        this.reservations = parts.reservations().open(context, onward::emit);
        this.queue = new CallQueue(tenant -> reservations.terms(tenant).weight(), this::left, choice::accountOf);
        this.load = parts.budgets().enabled()
                ? new TenantLoad(this::cap, queue::changed)
                : new TenantLoad(parts.tenantMaxInFlight(), queue::changed);
        this.heldPolicy = new HeldPolicy(parts.budgets());
        this.permits = new TaskPermits(parts.permits(), parts.runner(), partition);
        this.report = new WaitingReport(parts, choice, partition, queue, permits);
        // Whatever is due, all of it is done, in its order: then the kinds after the first one have nothing left to do.
        this.dueTimes = new DueTimes(context)
                .add("ready", report::nextReady, now -> advance())
                .add("catch-up", this::nextCatchUp, now -> advance())
                .add("doubts", doubtful::next, now -> advance())
                .add("deadlines", queue::nextDeadline, now -> advance())
                .add("parked", queue::nextParked, now -> advance())
                .add("held", queue::nextHeld, now -> advance());
    }

    private int left(String tenant) {
        return load.left(tenant);
    }

    private int cap(String tenant) {
        int granted = reservations.terms(tenant).maxInFlight();
        return granted == 0 ? parts.tenantMaxInFlight() : granted;
    }

    CallStore store() {
        return store;
    }

    /** Finds out where the stored calls are in their lives. Writes nothing: what must change, changes when work begins. */
    void start() {
        parts.gate().started(partition);
        parts.runner().assigned(partition);
        store.forEach(this::found);
        tell(now());
        dueTimes.refresh();
    }

    /** What was found waiting goes when the catch-up is over, which nobody tells. */
    private @Nullable Instant nextCatchUp() {
        return !begun && queue.all() > 0 ? Instant.EPOCH : null;
    }

    private void tell(Instant now) {
        report.tell(now);
        doubtful.tell(parts.listener(), now);
    }

    private void found(CallEntry entry) {
        RequestId id = entry.ticket().id();
        boolean mayHaveLeft = parts.runner().holds(id, entry.dispatches())
                || parts.runner().hasForgotten(entry.ticket().deadline());
        switch (parts.policy().onStart(entry, mayHaveLeft)) {
            case Requeue requeue -> found(entry, requeue);
            case InDoubtFrom doubt -> {
                load.started(id, entry.ticket().tenant());
                doubtful.found(id, entry.dispatches(), doubt.time());
            }
        }
    }

    private void found(CallEntry entry, Requeue requeue) {
        waits(entry);
        if (!entry.isHeld()) {
            queue.enqueue(Waiter.of(entry), requeue.due(), now());
        } else if (requeue.due().isAfter(now())) {
            queue.parkHeld(Waiter.of(entry), requeue.due());
        } else {
            queue.hold(Waiter.of(entry), now());
        }
    }

    /** Takes a call in: it leaves with this transaction if it may and none waits that could go, and waits its turn otherwise. */
    void admit(Call call) {
        Candidate candidate = Candidate.of(call);
        if (takesIn(candidate) && !goesAtOnce(candidate, now())) {
            waits(candidate);
        }
    }

    /** A tenant's policy has changed: its cap may let more calls out now, and its budgets may hold what they did not. */
    void governed(String tenant) {
        queue.changed(tenant);
        queue.wakeHeld(tenant);
    }

    /** Whether policies, usage and outcomes are read that stood on their topics when the task started: until then, all waits. */
    private boolean maySend() {
        return parts.gate().caughtUp(partition);
    }

    private void waits(Candidate candidate) {
        write(candidate, candidate.entry());
        waits(candidate.entry());
        queue.add(Waiter.of(candidate.entry()));
    }

    private void waits(CallEntry entry) {
        choice.of(entry.ticket().tenant()).waits(entry.route().chain(), now());
    }

    /** Stores the next step of a call, and its body with the first. */
    private void write(Candidate candidate, CallEntry next) {
        if (candidate.isStored()) {
            store.update(next);
        } else {
            store.add(next, candidate.body());
        }
    }

    /** @return whether it goes on; if not, it has ended */
    private boolean takesIn(Candidate candidate) {
        DispatchPolicy policy = parts.policy();
        CallEntry entry = candidate.entry();
        boolean overdue = maySend() && policy.isOverdue(entry, now());
        if (!overdue && CallStore.fits(candidate.body())) {
            return true;
        }
        settle(candidate, overdue ? policy.overdue(entry) : policy.tooLarge(entry));
        return false;
    }

    private boolean goesAtOnce(Candidate candidate, Instant now) {
        if (!maySend()
                || !load.mayCall(candidate.tenant())
                || !queue.letsPass(candidate.entry().route().chain(), chain -> choice.isOpen(chain, now), now)
                || !permits.tryAcquire()) {
            return false;
        }
        boolean used = false;
        try {
            if (!(choose(candidate, now) instanceof Choice.Go go)) {
                return false;
            }
            used = dispatched(candidate, go, now);
            return true;
        } finally {
            if (!used) {
                permits.giveBack();
            }
        }
    }

    /** Puts a call back that is in the hands of no runner any more. */
    void requeue(CallEntry entry, CallState.Waiting until) {
        CallEntry waiting = entry.waiting(until);
        store.update(waiting);
        requeued(waiting, until);
    }

    private void requeued(CallEntry waiting, CallState.Waiting until) {
        landed(waiting.ticket().id());
        if (waiting.isHeld() && until.due().isAfter(now())) {
            queue.parkHeld(Waiter.of(waiting), until.due());
        } else {
            queue.enqueue(Waiter.of(waiting), until.due(), now());
        }
    }

    private void landed(RequestId id) {
        doubtful.remove(id);
        load.ended(id);
    }

    /** A call rests as the plan of its runner had it: what used up a round there has used it up here. */
    void rest(CallEntry entry, Outcome outcome, Instant due) {
        Progress progress = entry.progress().with(outcome);
        List<String> usable = progress.usable(entry.route().chain());
        boolean usedUp =
                choice.of(entry.ticket().tenant()).isUsedUp(usable, progress.attempts(), outcome.endedAt(), due);
        requeue(entry.with(usedUp ? progress.nextRound() : progress), new CallState.Waiting(due, null));
    }

    /** A call rests; if that ends a round, its attempts are counted anew. */
    private void rest(CallEntry entry, Choice.Later later) {
        CallEntry rested = later.endsRound() ? entry.with(entry.progress().nextRound()) : entry;
        requeue(rested, new CallState.Waiting(later.due(), later.planned(), entry.isHeld()));
    }

    /** An attempt failed and was charged where it may have been billed: the plan says what comes next. */
    void failed(CallEntry entry, Outcome.Failure failure) {
        String refuser = entry.progress().onlyRefuserOfItsLength();
        if (refuser != null && mayGoShorter(entry, failure, refuser)) {
            requeue(entry, new CallState.Waiting(Instant.EPOCH, refuser));
            return;
        }
        Choice next = choice.of(entry.ticket().tenant())
                .afterFailure(
                        entry.progress().usable(entry.route().chain()),
                        failure.failureClass(),
                        entry.progress().attempts(),
                        entry.ticket().deadline(),
                        now());
        switch (next) {
            case Choice.Later later -> rest(entry, later);
            case Choice.GiveUp giveUp -> settle(entry, parts.policy().givenUp(entry, failure, now()));
            case Choice.Go go -> throw new IllegalStateException("a plan without a place took one");
        }
    }

    /** A prompt that was refused as too long, and may have been billed, goes to the same target once more, under a reservation of its own. */
    private boolean mayGoShorter(CallEntry entry, Outcome.Failure failure, String refuser) {
        return failure.code() == DeadLetterCode.PROVIDER_CONTEXT_LENGTH
                && !entry.ticket().id().isSharedCall()
                && parts.codec().parse(store.body(entry.ticket().id()).original())
                        instanceof RequestCodec.Parsed.Accepted accepted
                && parts.mayShorten(trimmed(entry, accepted.request()), refuser);
    }

    /** With what its tenant's policy says of prompts, where it does not say itself. */
    private Request trimmed(CallEntry entry, Request request) {
        return request.trimmedAs(reservations.terms(entry.ticket().tenant()).trim());
    }

    void settle(CallEntry entry, Verdict verdict) {
        settle(entry, verdict, null);
    }

    /**
     * Ends a call that is stored.
     *
     * @param spend what it cost, told of to nobody yet; null for nothing
     */
    void settle(CallEntry entry, Verdict verdict, Emission.@Nullable Spend spend) {
        RequestId id = entry.ticket().id();
        settle(entry, () -> store.body(id), verdict, spend);
        store.delete(id);
    }

    private void settle(Candidate candidate, Verdict verdict) {
        settle(candidate.entry(), candidate::body, verdict, null);
        if (candidate.isStored()) {
            store.delete(candidate.id());
        }
    }

    private void settle(CallEntry entry, Supplier<CallBody> body, Verdict verdict, Emission.@Nullable Spend spend) {
        RequestId id = entry.ticket().id();
        queue.remove(id);
        asks.ended(id);
        landed(id);
        forgetWhatEnded(entry);
        asksNext(entry);
        for (Call alone : onward.ended(entry, body, verdict, spend)) {
            Candidate own = Candidate.of(alone, entry.lost());
            if (takesIn(own)) {
                waits(own);
            }
        }
    }

    /** A dispatch that nothing works on, whose outcome may never come, since it could not be written. */
    private void forgetWhatEnded(CallEntry entry) {
        RequestId id = entry.ticket().id();
        if (entry.dispatches() > 0 && !parts.runner().runs(id, entry.dispatches())) {
            forgetAfterCommit(id, entry.dispatches());
        }
    }

    /**
     * Charges what a dispatch came to; it is still to be told of.
     *
     * @param reserved whether a budget held its worst case
     * @param entry whose dispatch it was; null if that has ended and is forgotten
     */
    Emission.Spend count(UsageEvent event, boolean reserved, @Nullable CallEntry entry) {
        Emission.Spend counted = reservations.settle(event, reserved, now());
        queue.wakeHeld(event.tenant());
        return entry == null ? counted : counted.tracedAs(entry.ticket().origin());
    }

    /** The dispatch of an entry was certainly not billed. */
    void release(CallEntry entry, int number) {
        if (entry.reserved(number)) {
            reservations.release(entry.ticket().tenant(), entry.ticket().id(), number, now());
            queue.wakeHeld(entry.ticket().tenant());
        }
    }

    void emit(Emission emission) {
        onward.emit(emission);
    }

    /** Applies the request's in-doubt policy; what the lost call may have cost is charged as unknown. */
    void resolveDoubt(CallEntry entry) {
        Instant now = now();
        if (!(entry.state() instanceof CallState.Dispatched dispatched)) {
            throw new IllegalStateException("only a dispatched call can be in doubt");
        }
        emit(count(
                Spending.ofLost(entry, dispatched.target(), parts.modelOf(entry.route(), dispatched.target()), now),
                dispatched.reserved(),
                entry));
        CallEntry lost =
                entry.with(entry.progress().withLost(dispatched.target())).lostOnce();
        switch (parts.policy().onDoubt(lost, now)) {
            case CallAgain again -> requeue(lost, CallState.READY);
            case Settle settle -> settle(lost, settle.verdict());
        }
    }

    void forgetAfterCommit(RequestId id, int number) {
        launches.forgetAfterCommit(id, number);
    }

    /** Does all that is due now: doubts, deadlines, and as many dispatches as there are places. */
    void advance() {
        Instant now = now();
        begun = maySend();
        if (begun) {
            if (resolveDoubts(now) && endOverdue(now)) {
                queue.unparkDue(now);
                dispatchReady(now);
            }
            reroutes.clear();
        }
        tell(now);
        dueTimes.refresh();
    }

    /** Takes a share of what one transaction may carry; where it is used up, what is left is still due after the commit. */
    private boolean claims(long bytes) {
        return parts.transactions().claim(context, "dispatch", bytes);
    }

    /** @return whether all was done that is due */
    private boolean resolveDoubts(Instant now) {
        for (DoubtfulCalls.Doubtful due = doubtful.pollDue(now); due != null; due = doubtful.pollDue(now)) {
            CallEntry entry = store.get(due.id());
            if (entry != null && entry.dispatches() == due.number() && entry.state() instanceof CallState.Dispatched) {
                if (!claims(entry.bytes())) {
                    doubtful.add(due.id(), due.number(), due.from());
                    return false;
                }
                resolveDoubt(entry);
                forgetAfterCommit(due.id(), due.number());
            }
        }
        return true;
    }

    /** @return whether all was ended that is overdue */
    private boolean endOverdue(Instant now) {
        for (Waiter next = queue.overdue(now); next != null; next = queue.overdue(now)) {
            if (!claims(next.bytes())) {
                return false;
            }
            queue.remove(next.id());
            CallEntry entry = unsent(store.get(next.id()));
            if (entry != null) {
                settle(entry, parts.policy().overdue(entry));
            }
        }
        return true;
    }

    private void dispatchReady(Instant now) {
        OpenChains open = new OpenChains(choice, now);
        for (Waiter next = queue.next(open); next != null; next = queue.next(open)) {
            @Nullable Waiter before = queue.held().asks(next) ? queue.held().goesBefore(next, open) : null;
            if (before != null || asks.knows(next.id())) {
                if (!claims(0)) {
                    return;
                }
                if (rests(next, before, now)) {
                    continue;
                }
            }
            if (!permits.tryAcquire()) {
                return;
            }
            boolean used = false;
            try {
                if (!claims(next.bytes())) {
                    return;
                }
                queue.served(next);
                used = dispatchNext(next, open, now);
            } finally {
                if (!used) {
                    permits.giveBack();
                }
            }
        }
    }

    /**
     * A held call behind another one, or for which there is still no room, rests again: nothing of it is read for that, nor
     * written.
     */
    private boolean rests(Waiter next, @Nullable Waiter before, Instant now) {
        if (before != null) {
            queue.restsBehind(next, before, now);
            return true;
        }
        Reservations.Answer.Held held = asks.stillHeld(next.id(), now);
        if (held == null) {
            return false;
        }
        queue.served(next);
        queue.hold(next, held.until());
        return true;
    }

    /** A call that waits, though its entry says that it was handed over, never left: nothing is held for it any more. */
    private @Nullable CallEntry unsent(@Nullable CallEntry entry) {
        if (entry == null || !(entry.state() instanceof CallState.Dispatched)) {
            return entry;
        }
        release(entry, entry.dispatches());
        CallEntry waiting = entry.waiting(CallState.READY);
        // If it does not go now, whoever takes the task over must not find a call that may have left.
        store.update(waiting);
        return waiting;
    }

    /** @return whether the permit was used */
    private boolean dispatchNext(Waiter next, OpenChains open, Instant now) {
        @Nullable CallEntry entry = unsent(store.get(next.id()));
        if (entry == null) {
            return false;
        }
        CallBody body = store.body(next.id());
        return switch (parts.codec().parse(body.original())) {
            case RequestCodec.Parsed.Accepted accepted ->
                dispatchedOrBack(new Candidate(entry, body, accepted.request(), true), next, open, now);
            case RequestCodec.Parsed.Refused refused -> {
                // A version that admits less than the one before it: no reason to stop all other calls.
                settle(
                        entry,
                        Verdict.Failure.of(refused.code(), entry.progress().made(), refused.detail()));
                yield false;
            }
        };
    }

    private boolean dispatchedOrBack(Candidate candidate, Waiter waiter, OpenChains open, Instant now) {
        CallEntry entry = candidate.entry();
        if (!choice.knowsAny(entry.progress().usable(entry.route().chain()))) {
            settle(candidate, parts.policy().noTarget(entry));
            return false;
        }
        switch (choose(candidate, now)) {
            case Choice.Go go -> {
                queue.charge(waiter, choice.turnsOf(waiter.chain(), tokens(candidate)));
                return dispatched(candidate, go, now);
            }
            case Choice.Later later -> {
                if (later.reason() == Step.Reason.USED_UP) {
                    rest(entry, later);
                    open.lookAgain(waiter.chain());
                    asksNext(entry);
                } else {
                    back(entry, waiter, later.due(), open, now);
                }
            }
            case Choice.GiveUp giveUp -> settle(candidate, parts.policy().nothingLeft(entry));
        }
        return false;
    }

    /** Only in memory: the stored entry says already that it waits. */
    private void back(CallEntry entry, Waiter waiter, Instant due, OpenChains open, Instant now) {
        if (due.isAfter(now)) {
            if (entry.isHeld()) {
                queue.parkHeld(waiter, due);
            } else {
                queue.park(waiter, due);
            }
            open.lookAgain(waiter.chain());
        } else {
            if (entry.isHeld()) {
                queue.hold(waiter, now);
            } else {
                queue.add(waiter);
            }
            open.full(waiter.chain());
        }
        asksNext(entry);
    }

    private Choice choose(Candidate candidate, Instant now) {
        return choice.of(candidate.tenant()).next(candidate.entry(), tokens(candidate), now);
    }

    private static long tokens(Candidate candidate) {
        return ProviderBody.tokens(candidate.request().body(), candidate.entry().bytes());
    }

    /**
     * With a permit and a place in hand, asks the tenant's budgets.
     *
     * @return whether the call goes; if not, its place is given back, and it has ended or waits
     */
    private boolean dispatched(Candidate candidate, Choice.Go go, Instant now) {
        boolean goes = false;
        try {
            goes = reserved(candidate, go, now);
            return goes;
        } finally {
            if (!goes) {
                go.lease().cancel();
            }
        }
    }

    private boolean reserved(Candidate candidate, Choice.Go go, Instant now) {
        CallEntry entry = candidate.entry();
        Request request = candidate.request();
        CallState.Dispatched state =
                parts.policy().dispatched(entry, go.target(), parts.timeouts().longest(request, entry.route()), now);
        Ticket ticket = entry.ticket();
        switch (reservations.reserve(ticket, entry.route(), request, entry.dispatches() + 1, state.leaseUntil(), now)) {
            case Reservations.Answer.Free free -> {
                asksNext(entry);
                dispatch(candidate, go, state);
                return true;
            }
            case Reservations.Answer.Granted granted -> {
                asksNext(entry);
                dispatch(candidate, go, state.holding(granted.usd()));
                return true;
            }
            case Reservations.Answer.Denied denied -> settle(candidate, DispatchPolicy.denied(entry, denied));
            case Reservations.Answer.Held held -> hold(candidate, held);
            case Reservations.Answer.Instead instead -> reroute(candidate, instead);
        }
        return false;
    }

    /** Where a held call goes on, the next one of its tenant may, too. */
    private void asksNext(CallEntry entry) {
        if (entry.isHeld()) {
            queue.wakeHeld(entry.ticket().tenant());
        }
    }

    private void reroute(Candidate candidate, Reservations.Answer.Instead instead) {
        CallEntry entry = candidate.entry();
        Reservations.Answer.Denied denied = reroutes.refuses(candidate.id(), entry.route(), instead);
        if (denied == null) {
            CallEntry rerouted = entry.along(instead.route(), instead.insteadOf() == DeadLetterCode.BUDGET_EXCEEDED);
            write(candidate, rerouted);
            requeued(rerouted, CallState.READY);
            asksNext(entry);
        } else {
            settle(candidate, DispatchPolicy.denied(entry, denied));
        }
    }

    /** What is held already stays so, and as it is stored: whoever finds it has it ask at once. */
    private void hold(Candidate candidate, Reservations.Answer.Held held) {
        CallEntry entry = candidate.entry();
        if (entry.isHeld()) {
            queue.hold(Waiter.of(entry), held.until());
            asks.held(candidate.id(), held);
            return;
        }
        @Nullable String tooMuch = heldPolicy.tooMuch(Waiter.of(entry), queue.held());
        if (tooMuch != null) {
            settle(candidate, DispatchPolicy.denied(entry, held.otherwise().because(tooMuch)));
        } else {
            CallEntry waiting = entry.waiting(new CallState.Waiting(Instant.EPOCH, null, true));
            write(candidate, waiting);
            queue.hold(Waiter.of(waiting), held.until());
            asks.held(candidate.id(), held);
        }
    }

    /** From its last step on, permit and place are the launch's, and are given back with it: nothing may break after that. */
    private void dispatch(Candidate candidate, Choice.Go go, CallState.Dispatched state) {
        CallEntry entry = candidate.entry();
        CallEntry dispatched = entry.dispatched(state);
        write(candidate, dispatched);
        load.started(entry.ticket().id(), entry.ticket().tenant());
        doubtful.add(
                entry.ticket().id(), dispatched.dispatches(), parts.policy().leaseIsOver(state));
        launches.launchAfterCommit(new Launch(
                candidate.ticket(),
                candidate.body().key().hash(),
                trimmed(entry, candidate.request()),
                entry.route(),
                entry.progress(),
                partition,
                dispatched.dispatches(),
                state,
                tokens(candidate),
                go.lease()));
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    /** What is shared with other tasks is given back first: closing what is the task's own may fail. */
    @Override
    public void close() {
        permits.close();
        choice.leave();
        parts.runner().revoked(partition);
        parts.gate().ended(partition);
        parts.listener().waiting(partition, WaitingListener.Counts.NONE);
        parts.listener().inDoubt(partition, 0, null);
        dueTimes.close();
        reservations.close();
    }
}
