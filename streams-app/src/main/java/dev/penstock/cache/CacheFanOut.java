package dev.penstock.cache;

import dev.penstock.schemas.Source;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Gives the followers of a call what it came to, a bounded share in each transaction. What is left is durable and goes on
 * after the commit, or on the next owner of the task.
 */
final class CacheFanOut implements AutoCloseable {

    private final ProcessorContext<String, Settled> context;
    private final FlightStore flights;
    private final Transactions transactions;
    private final CacheListener listener;
    private final OneShotTimer timer;

    CacheFanOut(
            ProcessorContext<String, Settled> context,
            FlightStore flights,
            Transactions transactions,
            CacheListener listener) {
        this.context = context;
        this.flights = flights;
        this.transactions = transactions;
        this.listener = listener;
        this.timer = new OneShotTimer(context, this::advance);
    }

    /** Goes on with what an earlier transaction, or an earlier owner, left. */
    void resume() {
        if (flights.nextFanOut() != null) {
            timer.wakeAt(Instant.EPOCH);
        }
    }

    void advance(Instant now) {
        for (String leader = flights.nextFanOut(); leader != null; leader = flights.nextFanOut()) {
            if (!settleFollowersOf(leader, now)) {
                timer.wakeAt(now);
                return;
            }
        }
    }

    private boolean settleFollowersOf(String leader, Instant now) {
        Verdict verdict = flights.shared(leader);
        long verdictBytes = sizeOf(verdict);
        try (KeyValueIterator<Bytes, byte[]> rows = flights.followers().of(leader)) {
            while (rows.hasNext()) {
                WaitingEntry follower = flights.followers().decode(rows.next());
                if (!transactions.claimFanOut(verdictBytes + follower.original().length)) {
                    return false;
                }
                flights.endFollower(leader, follower);
                listener.coalesced();
                context.forward(new Record<>(
                        follower.ticket().tenant(),
                        new Settled(follower.ticket(), follower.key(), verdict, follower.original(), Source.COALESCED),
                        now.toEpochMilli()));
            }
        }
        flights.endFanOut(leader);
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
