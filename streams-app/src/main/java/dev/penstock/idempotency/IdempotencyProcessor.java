package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.idempotency.IdempotencyDecision.Conflict;
import dev.penstock.idempotency.IdempotencyDecision.Duplicate;
import dev.penstock.idempotency.IdempotencyDecision.First;
import dev.penstock.idempotency.IdempotencyDecision.InFlight;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.Source;
import dev.penstock.work.Admitted;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission.Terminal;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Lead;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import dev.penstock.work.WaitingFollowers;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Lets the first of each key through and gives every other request the answer that it has coming. */
final class IdempotencyProcessor implements Processor<String, Admitted, String, Object> {

    private static final String FOLLOWERS = "idempotency followers";

    private final Idempotency stage;
    private final IdempotencyPolicy policy;
    private final Transactions transactions;
    private final IdempotencyRoutes routes;
    /** What was admitted before is measured no more. */
    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES));

    private ProcessorContext<String, Object> context;
    private IdempotencyStore store;
    private WaitingFollowers<FollowerEntry> waiting;
    private DueTimes dueTimes;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    IdempotencyProcessor(Idempotency stage, IdempotencyRoutes routes) {
        this.stage = stage;
        this.policy = stage.policy();
        this.transactions = stage.transactions();
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        this.store = stage.start(context);
        this.waiting = new WaitingFollowers<>(
                context,
                store.followers(),
                store.releases(),
                transactions,
                FOLLOWERS,
                () -> stage.caughtUp(context),
                new Ways());
        KeySweep sweep = new KeySweep(context, store, stage);
        this.dueTimes = new DueTimes(context)
                .add("followers", waiting::next, waiting::advance)
                .add("expiry", sweep::next, sweep::sweep);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, Admitted> record) {
        arrive(record, Instant.ofEpochMilli(context.currentSystemTimeMs()));
        dueTimes.refresh();
    }

    private void arrive(Record<String, Admitted> record, Instant now) {
        store.followers().saw(record.value().ticket().tenant(), now);
        IdempotencyKey key = KeyDerivation.keyOf(record.key(), record.value().request());
        @Nullable KeyEntry entry = store.key(key.hash());
        switch (policy.decide(entry, key, now)) {
            case First first -> lead(record, key, entry, false);
            case Duplicate duplicate -> repeat(record, key, Objects.requireNonNull(entry));
            case InFlight inFlight -> follow(record, key, Objects.requireNonNull(entry), now);
            case Conflict conflict -> end(record, conflict(conflict.leader()), null);
        }
    }

    private void repeat(Record<String, Admitted> record, IdempotencyKey key, KeyEntry entry) {
        Verdict standing = entry.inDoubt() ? policy.inDoubt() : verdictOf(entry.leader());
        if (policy.startsAnew(record.value().forced(), record.value().ticket().inDoubt(), standing)) {
            lead(record, key, entry, entry.lost());
        } else {
            end(record, standing, entry.leader());
        }
    }

    /** @param lost whether a call for the key was lost */
    private void lead(Record<String, Admitted> record, IdempotencyKey key, @Nullable KeyEntry former, boolean lost) {
        Admitted admitted = record.value();
        if (former != null) {
            store.deleteKey(key.hash(), former);
        }
        String leader = IdempotencyStore.leader(admitted.ticket().id());
        KeyEntry entry = KeyEntry.ledBy(leader, key.fingerprint());
        store.putKey(key.hash(), lost ? entry.withLost() : entry);
        Lead lead = new Lead(admitted.ticket(), key, admitted.request(), admitted.original());
        context.forward(record.withValue(lead), routes.first());
    }

    private void follow(Record<String, Admitted> record, IdempotencyKey key, KeyEntry entry, Instant now) {
        Admitted admitted = record.value();
        if (!admitted.ticket().deadline().isAfter(now)) {
            end(record, overdue(), null);
            return;
        }
        FollowerEntry follower = new FollowerEntry(admitted.ticket(), admitted.original());
        Verdict refused = store.followers().refused(follower);
        if (refused != null) {
            end(record, refused, null);
            return;
        }
        if (!store.followers().put(entry.groupOfFollowers(), follower)) {
            end(record, tooLarge(admitted.original()), null);
            return;
        }
        if (entry.group() == null) {
            store.putKey(key.hash(), entry.withFollowers());
        }
        waiting.added(now);
    }

    private void end(Record<String, Admitted> record, Verdict verdict, @Nullable String leader) {
        Admitted admitted = record.value();
        RequestId of = leader == null ? null : RequestId.parse(leader);
        Terminal terminal = new Terminal(admitted.ticket(), admitted.original(), verdict, Source.DUPLICATE, of);
        context.forward(record.withValue(terminal), routes.ended());
    }

    private Verdict verdictOf(String leader) {
        Verdict verdict = store.verdict(leader);
        if (verdict == null) {
            throw new IllegalStateException("request " + leader + " is final but has no stored verdict");
        }
        return verdict;
    }

    private static Verdict conflict(String leader) {
        return Verdict.Failure.of(
                DeadLetterCode.IDEMPOTENCY_CONFLICT,
                0,
                "idempotency_key: first used by request " + leader + " with another url, body, task or trim");
    }

    private static Verdict overdue() {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_DEADLINE, 0, "deadline passed while an identical request was in flight");
    }

    private static Verdict tooLarge(byte[] original) {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_ENTRY_TOO_LARGE,
                0,
                "request: " + original.length + " bytes and its metadata (expected: at most "
                        + RecordSizes.MAX_STORED_BYTES + " as stored)");
    }

    @Override
    public void close() {
        dueTimes.close();
        stage.end(context, store);
    }

    /** How a follower continues. */
    private final class Ways implements WaitingFollowers.Ways<FollowerEntry> {

        @Override
        public void overdue(FollowerEntry follower, Instant now) {
            end(follower, IdempotencyProcessor.overdue(), null, now);
        }

        /** The most urgent leads, and the others follow it. */
        @Override
        public boolean release(String group, Instant now) {
            String hash = store.released(group);
            KeyEntry entry = Objects.requireNonNull(store.key(hash));
            IdempotencyKey key = new IdempotencyKey(hash, entry.fingerprint());
            for (FollowerEntry next = store.followers().first(group);
                    next != null;
                    next = store.followers().first(group)) {
                RequestCodec.Parsed parsed = codec.parse(next.original());
                if (!transactions.claim(context, FOLLOWERS, next.original().length + given(next, parsed, key))) {
                    return false;
                }
                store.followers().end(group, next);
                if (!policy.mayLead(entry, next.ticket().inDoubt())) {
                    end(next, policy.inDoubt(), entry.leader(), now);
                    continue;
                }
                switch (parsed) {
                    case RequestCodec.Parsed.Refused refused ->
                        // A version that admits less than the one before it.
                        end(next, Verdict.Failure.of(refused.code(), 0, refused.detail()), null, now);
                    case RequestCodec.Parsed.Accepted accepted -> {
                        store.releases().remove(group);
                        store.putKey(
                                hash,
                                entry.handedTo(
                                        IdempotencyStore.leader(next.ticket().id())));
                        lead(lead(next, accepted, key), now);
                        return true;
                    }
                }
            }
            store.releases().remove(group);
            store.leave(hash, entry, policy.expiryOf(now));
            return true;
        }

        /** What it would be given at once, in bytes. */
        private long given(FollowerEntry next, RequestCodec.Parsed parsed, IdempotencyKey key) {
            return parsed instanceof RequestCodec.Parsed.Accepted accepted
                    ? stage.kept().bytesFor(context, lead(next, accepted, key))
                    : 0;
        }

        private Lead lead(FollowerEntry next, RequestCodec.Parsed.Accepted accepted, IdempotencyKey key) {
            return new Lead(next.ticket(), key, accepted.request(), next.original());
        }

        private void lead(Lead lead, Instant now) {
            context.forward(new Record<>(lead.ticket().tenant(), lead, now.toEpochMilli()), routes.first());
        }

        private void end(FollowerEntry follower, Verdict verdict, @Nullable String leader, Instant now) {
            RequestId of = leader == null ? null : RequestId.parse(leader);
            Terminal terminal = new Terminal(follower.ticket(), follower.original(), verdict, Source.DUPLICATE, of);
            context.forward(new Record<>(follower.ticket().tenant(), terminal, now.toEpochMilli()), routes.ended());
        }
    }
}
