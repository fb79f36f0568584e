package dev.penstock.work;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Gives those who follow a request what it came to, a bounded share in each transaction. What is left is durable and goes on
 * after the commit, or on the next owner of the task.
 *
 * @param <E> what ends a follower
 */
public final class FanOut<E> implements AutoCloseable {

    /** Whose turn it is, and how each is ended. */
    public interface Queue<E> {

        /** A request whose followers are still to be given what it came to; null if there is none. */
        @Nullable
        String nextLeader();

        /** What it came to. */
        Verdict verdict(String leader);

        FollowerRows<E> followers();

        /** The follower's request as it arrived. */
        byte[] original(E follower);

        /** Gives one its end, and forgets that it follows. */
        void end(String leader, E follower, Verdict verdict, Instant now);

        /** Nobody follows the request any more. */
        void done(String leader);
    }

    private final ProcessorContext<?, ?> context;
    private final Queue<E> queue;
    private final Transactions transactions;
    private final OneShotTimer timer;

    public FanOut(ProcessorContext<?, ?> context, Queue<E> queue, Transactions transactions) {
        this.context = context;
        this.queue = queue;
        this.transactions = transactions;
        this.timer = new OneShotTimer(context, this::advance);
    }

    /** Goes on with what an earlier transaction, or an earlier owner, left. */
    public void resume() {
        if (queue.nextLeader() != null) {
            timer.wakeAt(Instant.EPOCH);
        }
    }

    /** Does as much as this transaction may. */
    public void advance(Instant now) {
        for (String leader = queue.nextLeader(); leader != null; leader = queue.nextLeader()) {
            if (!endFollowersOf(leader, now)) {
                timer.wakeAt(now);
                return;
            }
        }
    }

    private boolean endFollowersOf(String leader, Instant now) {
        Verdict verdict = queue.verdict(leader);
        long verdictBytes = sizeOf(verdict);
        try (KeyValueIterator<Bytes, byte[]> rows = queue.followers().of(leader)) {
            while (rows.hasNext()) {
                E follower = queue.followers().decode(rows.next());
                if (!transactions.claim(context, verdictBytes + queue.original(follower).length)) {
                    return false;
                }
                queue.end(leader, follower, verdict, now);
            }
        }
        queue.done(leader);
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
