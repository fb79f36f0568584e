package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.Emission;
import dev.penstock.work.FanOut;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.Settled;
import dev.penstock.work.SweepTimes;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Ends a request that led: its terminal goes out, its key becomes final or free, its followers share the verdict. */
final class IdempotencySettling implements Processor<String, Settled, String, Emission> {

    private static final int EXPIRED_AT_ONCE = 2_000;

    private final Idempotency stage;
    private final IdempotencyPolicy policy;
    private ProcessorContext<String, Emission> context;
    private IdempotencyStore store;
    private FanOut<FollowerEntry> fanOut;
    private OneShotTimer expiry;
    /** Where the last sweep ended: scanning from there passes over no tombstone twice. */
    private Instant sweptUntil = Instant.EPOCH;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    IdempotencySettling(Idempotency stage) {
        this.stage = stage;
        this.policy = stage.policy();
    }

    @Override
    public void init(ProcessorContext<String, Emission> context) {
        this.context = context;
        this.store = new IdempotencyStore(context.getStateStore(IdempotencyStore.NAME), stage.duplicates(context));
        this.fanOut = new FanOut<>(context, new DuplicateFollowers(context, store), stage.transactions());
        this.expiry = new OneShotTimer(context, this::sweepExpired);
        this.sweptUntil = Instant.EPOCH;
        fanOut.resume();
        scheduleSweep();
    }

    @Override
    public void process(Record<String, Settled> record) {
        Settled settled = record.value();
        String leader = IdempotencyStore.leader(settled.ticket().id());
        KeyEntry entry = store.key(settled.key().hash());
        if (entry == null || !entry.leader().equals(leader)) {
            end(record, settled.verdict());
            return;
        }
        if (policy.handsOver(settled.verdict())) {
            handOver(record, entry);
            return;
        }
        Verdict verdict = mustKeep(entry, settled.verdict()) ? stored(leader, settled.verdict()) : settled.verdict();
        end(record, verdict);
        settleKey(settled.key().hash(), entry, verdict);
    }

    /** The key is free, and those who follow come as if they came now: the first of them leads. */
    private void handOver(Record<String, Settled> record, KeyEntry entry) {
        end(record, record.value().verdict());
        store.deleteKey(record.value().key().hash(), entry);
        if (entry.followed()) {
            store.putRelease(entry.leader());
        }
    }

    private void end(Record<String, Settled> record, Verdict verdict) {
        Settled settled = record.value();
        context.forward(record.withValue(
                new Emission.Terminal(settled.ticket(), settled.original(), verdict, settled.source(), null)));
    }

    private static boolean mustKeep(KeyEntry entry, Verdict verdict) {
        return verdict.isFinal() || entry.followed();
    }

    private void settleKey(String hash, KeyEntry entry, Verdict verdict) {
        if (verdict.isFinal()) {
            Instant expiresAt = policy.expiryOf(Instant.ofEpochMilli(context.currentSystemTimeMs()));
            store.putKey(hash, entry.finalUntil(expiresAt));
            // A clock that was set back lets a key expire before the last sweep.
            sweptUntil = expiresAt.isBefore(sweptUntil) ? expiresAt : sweptUntil;
            expiry.wakeAt(SweepTimes.after(expiresAt));
        } else {
            store.deleteKey(hash, entry);
        }
        if (entry.followed()) {
            store.putFanOut(entry.leader(), hash);
            fanOut.advance(Instant.ofEpochMilli(context.currentSystemTimeMs()));
        }
    }

    /** The verdict that stands: another one if the one that came is too large to keep. */
    private Verdict stored(String leader, Verdict verdict) {
        if (store.putVerdict(leader, verdict)) {
            return verdict;
        }
        Verdict tooLarge = Verdict.Failure.of(
                DeadLetterCode.OUTCOME_RESULT_TOO_LARGE,
                attemptsOf(verdict),
                "answer: too large to keep for duplicates (expected: at most " + RecordSizes.MAX_STORED_BYTES
                        + " bytes as stored)");
        store.putVerdict(leader, tooLarge);
        return tooLarge;
    }

    private static int attemptsOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> answer.attempts().size();
            case Verdict.Failure failure -> failure.attempts();
        };
    }

    private void sweepExpired(Instant now) {
        int swept = 0;
        try (KeyValueIterator<Bytes, byte[]> index = store.expiringFrom(sweptUntil)) {
            for (; index.hasNext() && swept < EXPIRED_AT_ONCE; swept++) {
                Bytes indexKey = index.next().key;
                if (Keyspace.timeOf(indexKey).isAfter(now)) {
                    break;
                }
                sweptUntil = Keyspace.timeOf(indexKey);
                forget(indexKey, now);
            }
        }
        if (swept == EXPIRED_AT_ONCE) {
            expiry.wakeAt(now);
        } else {
            scheduleSweep();
        }
    }

    private void forget(Bytes indexKey, Instant now) {
        String hash = Keyspace.hashOfExpiry(indexKey);
        KeyEntry entry = store.key(hash);
        if (entry != null && policy.isExpired(entry, now)) {
            store.deleteKey(hash, entry);
        } else {
            store.dropExpiry(indexKey);
        }
    }

    private void scheduleSweep() {
        try (KeyValueIterator<Bytes, byte[]> next = store.expiringFrom(sweptUntil)) {
            if (next.hasNext()) {
                expiry.wakeAt(SweepTimes.after(Keyspace.timeOf(next.peekNextKey())));
            }
        }
    }

    @Override
    public void close() {
        fanOut.close();
        expiry.close();
    }
}
