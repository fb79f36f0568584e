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
import dev.penstock.work.Emission.Terminal;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Lead;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.time.Duration;
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

    /** The longest that a release goes unnoticed: a leader ends further down, from where nothing can be sent back up. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Idempotency stage;
    private final IdempotencyPolicy policy;
    private final Transactions transactions;
    private final IdempotencyRoutes routes;
    /** What was admitted before is measured no more. */
    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES));

    private ProcessorContext<String, Object> context;
    private IdempotencyStore store;
    private TaskDuplicates duplicates;
    private OneShotTimer timer;

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
        this.duplicates = stage.start(context);
        this.store = new IdempotencyStore(context.getStateStore(IdempotencyStore.NAME), duplicates);
        this.timer = new OneShotTimer(context, this::advance);
        store.restore();
        scheduleNext(Instant.ofEpochMilli(context.currentSystemTimeMs()));
    }

    @Override
    public void process(Record<String, Admitted> record) {
        arrive(record, Instant.ofEpochMilli(context.currentSystemTimeMs()));
    }

    private void arrive(Record<String, Admitted> record, Instant now) {
        IdempotencyKey key = KeyDerivation.keyOf(record.key(), record.value().request());
        @Nullable KeyEntry entry = store.key(key.hash());
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
        if (!store.follow(entry.leader(), new FollowerEntry(admitted.ticket(), admitted.original()))) {
            end(record, tooLarge(admitted.original()), null);
            return;
        }
        if (!entry.followed()) {
            store.putKey(key.hash(), entry.withFollowers());
        }
        Instant deadline = admitted.ticket().deadline();
        Instant look = now.plus(LOOK);
        timer.wakeAt(deadline.isBefore(look) ? deadline : look);
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

    private void advance(Instant now) {
        if (!duplicates.caughtUp()) {
            timer.wakeAt(now.plus(LOOK));
        } else if (endOverdueFollowers(now) && releaseAll(now)) {
            scheduleNext(now);
        } else {
            timer.wakeAt(now);
        }
    }

    private void scheduleNext(Instant now) {
        if (duplicates.nextRelease() != null) {
            timer.wakeAt(now);
        } else if (duplicates.isFollowed()) {
            Instant look = now.plus(LOOK);
            try (KeyValueIterator<Bytes, byte[]> next = store.followers().byDeadline()) {
                Instant deadline = next.hasNext() ? FollowerKeys.timeOf(next.peekNextKey()) : look;
                timer.wakeAt(deadline.isBefore(look) ? deadline : look);
            }
        }
    }

    /** @return whether all that is due was done */
    private boolean endOverdueFollowers(Instant now) {
        try (KeyValueIterator<Bytes, byte[]> due = store.followers().byDeadline()) {
            while (due.hasNext()) {
                Bytes indexKey = due.next().key;
                Instant deadline = FollowerKeys.timeOf(indexKey);
                if (deadline.isAfter(now)) {
                    return true;
                }
                FollowerEntry follower = store.followers().get(FollowerKeys.followerOf(indexKey));
                if (follower != null && !transactions.claim(context, follower.original().length)) {
                    return false;
                }
                endOverdue(indexKey, follower, now);
            }
        }
        return true;
    }

    private void endOverdue(Bytes indexKey, @Nullable FollowerEntry follower, Instant now) {
        if (follower == null) {
            store.followers().dropDeadline(indexKey);
            return;
        }
        store.endFollower(FollowerKeys.leaderOf(indexKey), follower);
        Terminal terminal = new Terminal(follower.ticket(), follower.original(), overdue(), Source.DUPLICATE, null);
        context.forward(new Record<>(follower.ticket().tenant(), terminal, now.toEpochMilli()), routes.ended());
    }

    /** @return whether every follower that is to go on without its leader does */
    private boolean releaseAll(Instant now) {
        for (String leader = duplicates.nextRelease(); leader != null; leader = duplicates.nextRelease()) {
            if (!release(leader, now)) {
                return false;
            }
        }
        return true;
    }

    private boolean release(String leader, Instant now) {
        try (KeyValueIterator<Bytes, byte[]> rows = store.followers().of(leader)) {
            while (rows.hasNext()) {
                FollowerEntry follower = store.followers().decode(rows.next());
                if (!transactions.claim(context, follower.original().length)) {
                    return false;
                }
                store.endFollower(leader, follower);
                arriveAgain(follower, now);
            }
        }
        store.endRelease(leader);
        return true;
    }

    private void arriveAgain(FollowerEntry follower, Instant now) {
        String tenant = follower.ticket().tenant();
        switch (codec.parse(follower.original())) {
            case RequestCodec.Parsed.Refused refused -> {
                // A version that admits less than the one before it.
                Verdict verdict = Verdict.Failure.of(refused.code(), 0, refused.detail());
                Terminal terminal =
                        new Terminal(follower.ticket(), follower.original(), verdict, Source.DUPLICATE, null);
                context.forward(new Record<>(tenant, terminal, now.toEpochMilli()), routes.ended());
            }
            case RequestCodec.Parsed.Accepted accepted -> {
                Admitted admitted = new Admitted(follower.ticket(), accepted.request(), follower.original(), false);
                arrive(new Record<>(tenant, admitted, now.toEpochMilli()), now);
            }
        }
    }

    @Override
    public void close() {
        timer.close();
        stage.end(context.taskId(), duplicates);
    }
}
