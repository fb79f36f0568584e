package dev.penstock.idempotency;

import dev.penstock.schemas.Source;
import dev.penstock.work.Emission;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Settles the followers of a leader, a bounded share in each transaction. What is left is durable and goes on after the
 * commit, or on the next owner of the task.
 */
final class FanOut implements AutoCloseable {

    private final ProcessorContext<String, Emission> context;
    private final IdempotencyStore store;
    private final Transactions transactions;
    private final OneShotTimer timer;

    FanOut(ProcessorContext<String, Emission> context, IdempotencyStore store, Transactions transactions) {
        this.context = context;
        this.store = store;
        this.transactions = transactions;
        this.timer = new OneShotTimer(context, this::advance);
    }

    /** Goes on with what an earlier transaction, or an earlier owner, left. */
    void resume() {
        if (store.nextFanOut() != null) {
            timer.wakeAt(Instant.EPOCH);
        }
    }

    /** Settles the followers of a leader whose verdict is stored. */
    void start(String leader, String hash) {
        store.putFanOut(leader, hash);
        advance(Instant.ofEpochMilli(context.currentSystemTimeMs()));
    }

    private void advance(Instant now) {
        for (String leader = store.nextFanOut(); leader != null; leader = store.nextFanOut()) {
            if (!settleFollowersOf(leader, now)) {
                timer.wakeAt(now);
                return;
            }
        }
    }

    private boolean settleFollowersOf(String leader, Instant now) {
        Verdict verdict = store.verdict(leader);
        if (verdict == null) {
            throw new IllegalStateException(
                    "followers of request " + leader + " wait for a verdict that is not stored");
        }
        long verdictBytes = sizeOf(verdict);
        try (KeyValueIterator<Bytes, byte[]> followers = store.followers().of(leader)) {
            while (followers.hasNext()) {
                FollowerEntry follower = store.followers().decode(followers.next());
                if (!transactions.claimFanOut(verdictBytes + follower.original().length)) {
                    return false;
                }
                store.followers().delete(leader, follower.ticket());
                context.forward(new Record<>(
                        follower.ticket().tenant(),
                        new Emission.Terminal(
                                follower.ticket(),
                                follower.original(),
                                verdict,
                                Source.DUPLICATE,
                                RequestId.parse(leader)),
                        now.toEpochMilli()));
            }
        }
        store.endFanOut(leader);
        return true;
    }

    private static long sizeOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> answer.body().toString().getBytes(StandardCharsets.UTF_8).length;
            case Verdict.Failure failure -> failure.detail().length();
        };
    }

    @Override
    public void close() {
        timer.close();
    }
}
