package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.idempotency.IdempotencyDecision.Conflict;
import dev.penstock.idempotency.IdempotencyDecision.Duplicate;
import dev.penstock.idempotency.IdempotencyDecision.First;
import dev.penstock.idempotency.IdempotencyDecision.InFlight;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.work.Admitted;
import dev.penstock.work.Emission.Terminal;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Lead;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Lets the first of each key through and gives every other request the answer that it has coming. */
final class IdempotencyProcessor implements Processor<String, Admitted, String, Object> {

    private final IdempotencyPolicy policy;
    private final Transactions transactions;
    private final IdempotencyRoutes routes;
    private ProcessorContext<String, Object> context;
    private IdempotencyStore store;
    private OneShotTimer deadlines;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    IdempotencyProcessor(IdempotencyPolicy policy, Transactions transactions, IdempotencyRoutes routes) {
        this.policy = policy;
        this.transactions = transactions;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        this.store = new IdempotencyStore(context.getStateStore(IdempotencyStore.NAME));
        this.deadlines = new OneShotTimer(context, this::endOverdueFollowers);
        try (KeyValueIterator<Bytes, byte[]> next = store.followers().byDeadline()) {
            if (next.hasNext()) {
                deadlines.wakeAt(FollowerKeys.timeOf(next.peekNextKey()));
            }
        }
    }

    @Override
    public void process(Record<String, Admitted> record) {
        Admitted admitted = record.value();
        IdempotencyKey key = KeyDerivation.keyOf(record.key(), admitted.request());
        @Nullable KeyEntry entry = store.key(key.hash());
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        switch (policy.decide(entry, key, now)) {
            case First first -> lead(record, key, entry);
            case Duplicate duplicate -> repeat(record, key, Objects.requireNonNull(entry));
            case InFlight inFlight -> follow(record, key, Objects.requireNonNull(entry), now);
            case Conflict conflict -> end(record, conflict(conflict.leader()), null);
        }
    }

    private void repeat(Record<String, Admitted> record, IdempotencyKey key, KeyEntry entry) {
        Verdict standing = verdictOf(entry.leader());
        if (policy.startsAnew(record.value().forced(), standing)) {
            lead(record, key, entry);
        } else {
            end(record, standing, entry.leader());
        }
    }

    private void lead(Record<String, Admitted> record, IdempotencyKey key, @Nullable KeyEntry former) {
        Admitted admitted = record.value();
        if (former != null) {
            store.deleteKey(key.hash(), former);
        }
        String leader = IdempotencyStore.leader(admitted.ticket().id());
        store.putKey(key.hash(), new KeyEntry(leader, key.fingerprint(), false, null));
        Lead lead = new Lead(admitted.ticket(), key, admitted.request(), admitted.original());
        context.forward(record.withValue(lead), routes.first());
    }

    private void follow(Record<String, Admitted> record, IdempotencyKey key, KeyEntry entry, Instant now) {
        Admitted admitted = record.value();
        if (!admitted.ticket().deadline().isAfter(now)) {
            end(record, overdue(), null);
            return;
        }
        if (!store.followers()
                .put(entry.leader(), admitted.ticket(), new FollowerEntry(admitted.ticket(), admitted.original()))) {
            end(record, tooLarge(admitted.original()), null);
            return;
        }
        if (!entry.followed()) {
            store.putKey(key.hash(), entry.withFollowers());
        }
        deadlines.wakeAt(admitted.ticket().deadline());
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

    private void endOverdueFollowers(Instant now) {
        try (KeyValueIterator<Bytes, byte[]> due = store.followers().byDeadline()) {
            while (due.hasNext()) {
                Bytes indexKey = due.next().key;
                Instant deadline = FollowerKeys.timeOf(indexKey);
                FollowerEntry follower = store.followers().get(FollowerKeys.followerOf(indexKey));
                boolean later = deadline.isAfter(now);
                if (later || (follower != null && !transactions.claim(context, follower.original().length))) {
                    deadlines.wakeAt(later ? deadline : now);
                    return;
                }
                endOverdue(indexKey, follower, now);
            }
        }
    }

    private void endOverdue(Bytes indexKey, @Nullable FollowerEntry follower, Instant now) {
        if (follower == null) {
            store.followers().dropDeadline(indexKey);
            return;
        }
        store.followers().delete(FollowerKeys.leaderOf(indexKey), follower.ticket());
        Terminal terminal = new Terminal(follower.ticket(), follower.original(), overdue(), Source.DUPLICATE, null);
        context.forward(new Record<>(follower.ticket().tenant(), terminal, now.toEpochMilli()), routes.ended());
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
