package dev.penstock.batching;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.RequestId;
import dev.penstock.work.SharedEnd;
import dev.penstock.work.SharedNews;
import dev.penstock.work.SharedSpend;
import dev.penstock.work.SweepTimes;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Gives each member of a shared call its own answer and its share of the bill, or has a call of its own made for it. */
final class BatchSettling implements Processor<String, SharedNews, String, Object> {

    private final BatchParts parts;
    private final Transactions transactions;
    private final IntakeGate gate;
    private final BatchSettlingRoutes routes;
    private ProcessorContext<String, Object> context;
    private BatchStore store;
    private TaskMembers inMemory;
    private DueTimes dueTimes;
    private Instant lookAgainAt = Instant.EPOCH;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    BatchSettling(BatchParts parts, Transactions transactions, IntakeGate gate, BatchSettlingRoutes routes) {
        this.parts = parts;
        this.transactions = transactions;
        this.gate = gate;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        TaskBatches task = parts.task(context);
        this.store = task.store();
        this.inMemory = task.members();
        this.dueTimes = new DueTimes(context).add("payers", this::nextSweep, this::sweep);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, SharedNews> record) {
        switch (record.value()) {
            case SharedEnd end -> ended(end);
            case SharedSpend spent -> spent(spent);
        }
        dueTimes.refresh();
    }

    private @Nullable Instant nextSweep() {
        Instant next = store.nextToForget();
        if (next == null) {
            return null;
        }
        Instant sweep = SweepTimes.after(next);
        return sweep.isBefore(lookAgainAt) ? lookAgainAt : sweep;
    }

    /** Waits for the catch-up: an unread outcome may still bill the members that it would forget. */
    private void sweep(Instant now) {
        if (!gate.caughtUp(context.taskId().partition())) {
            lookAgainAt = now.plus(SweepTimes.PERIOD);
            return;
        }
        while (transactions.claim(context, "batching payers", 0) && store.forgetPayers(now)) {}
    }

    /** Nobody has an answer to it, or has one yet: each pays by the length of what it asked. */
    private void spent(SharedSpend spent) {
        List<Member> members = store.members(spent.call());
        List<Payer> payers = members.isEmpty() ? store.payers(spent.call()) : Payer.of(members);
        if (payers.isEmpty()) {
            // So late that nobody is remembered. The spend is published under the call's own id rather than not at all.
            forward(spent.spend().event().tenant(), spent.spend(), routes.spent());
            return;
        }
        tell(
                spent.spend(),
                payers,
                payers.stream()
                        .map(payer -> new Shares.Weight(payer.tokens(), 0))
                        .toList());
    }

    private void ended(SharedEnd end) {
        RequestId id = end.ticket().id();
        SharedCall call = store.call(id);
        if (call == null) {
            throw new IllegalStateException("call " + id + " has no members (expected: those who share it)");
        }
        List<Member> known = inMemory.left().take(id, call.ids().size());
        List<Member> members = known.isEmpty() ? store.members(id) : known;
        store.delete(id);
        members.forEach(member -> store.delete(id, member));
        if (end.lost()) {
            Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
            store.keep(id, Payer.of(members), now.plus(parts.correctable()));
        }
        switch (end.verdict()) {
            case Verdict.Answer answer -> answered(end, answer, members, call.ids());
            case Verdict.Failure failure -> failed(end, failure, members);
        }
    }

    private void answered(SharedEnd end, Verdict.Answer answer, List<Member> members, List<String> ids) {
        BatchAnswer read = BatchAnswer.of(answer.body(), ids);
        List<MemberAnswer> answers =
                Dictation.removed(List.copyOf(read.members().values()), () -> items(members));
        List<Shares.Weight> weights = weights(members, answers);
        parts.listener().unknown(read.unknown());
        if (end.spend() != null) {
            tell(end.spend(), Payer.of(members), weights);
        }
        List<Share> shares = Shares.of(answer.usage(), answer.costUsd(), weights);
        List<Share> reserved = Shares.of(null, answer.reservedUsd(), weights);
        for (int place = 0; place < members.size(); place++) {
            Member member = members.get(place);
            switch (answers.get(place)) {
                case MemberAnswer.Text text -> {
                    parts.listener().answered();
                    settle(
                            end,
                            end.downgraded() ? member.keepingNoAnswer() : member,
                            part(
                                    answer,
                                    member,
                                    text,
                                    shares.get(place),
                                    reserved.get(place).costUsd(),
                                    members.size()));
                }
                case MemberAnswer.RunAlone alone ->
                    again(end, member, alone.why().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static Verdict part(
            Verdict.Answer answer,
            Member member,
            MemberAnswer.Text text,
            Share share,
            @Nullable BigDecimal reserved,
            int members) {
        return answer.part(
                MemberBody.of(answer.body(), text.text(), share.usage()),
                share.usage(),
                share.costUsd(),
                reserved,
                member.route().reason(),
                members);
    }

    private List<BatchItem> items(List<Member> members) {
        return members.stream()
                .map(member -> StoredMembers.read(member, parts.codec()) instanceof StoredMembers.Read.Callable read
                        ? parts.item(member, read.call().request())
                        : null)
                .map(item -> Objects.requireNonNullElse(item, BatchItem.NONE))
                .toList();
    }

    private List<Shares.Weight> weights(List<Member> members, List<MemberAnswer> answers) {
        List<Shares.Weight> weights = new ArrayList<>();
        for (int place = 0; place < members.size(); place++) {
            long answered = answers.get(place) instanceof MemberAnswer.Text text
                    ? parts.counter().count(text.text())
                    : 0;
            weights.add(new Shares.Weight(members.get(place).tokens(), answered));
        }
        return weights;
    }

    private void tell(Emission.Spend spend, List<Payer> payers, List<Shares.Weight> weights) {
        List<String> requests = payers.stream().map(Payer::request).toList();
        for (UsageEvent share : SharedBill.of(spend.event(), requests, weights)) {
            forward(share.tenant(), new Emission.Spend(share, spend.countedBy()), routes.spent());
        }
    }

    /**
     * Nobody knows whether a call in doubt was made: then its members are as much in doubt. What was lost as often as a
     * request may be was lost for each member. Else each is called for alone.
     */
    private void failed(SharedEnd end, Verdict.Failure failure, List<Member> members) {
        if (failure.code() == DeadLetterCode.DISPATCH_IN_DOUBT || failure.code() == DeadLetterCode.DISPATCH_LOST) {
            members.forEach(member -> settle(end, member, failure));
        } else {
            members.forEach(member -> again(end, member, "failed"));
        }
    }

    private void again(SharedEnd end, Member member, String why) {
        switch (StoredMembers.read(member, parts.codec())) {
            case StoredMembers.Read.Callable callable -> {
                parts.listener().again(why);
                end.alone().add(callable.call());
            }
            case StoredMembers.Read.Refused refused -> settle(end, member, refused.verdict());
        }
    }

    private void settle(SharedEnd end, Member member, Verdict verdict) {
        forward(member.ticket().tenant(), member.ended(verdict, end.lost()), routes.settled());
    }

    private void forward(String tenant, Object value, String route) {
        context.forward(new Record<>(tenant, value, context.currentSystemTimeMs()), route);
    }

    @Override
    public void close() {
        dueTimes.close();
    }
}
