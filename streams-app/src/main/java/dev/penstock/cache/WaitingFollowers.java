package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Sees to the followers that no answer is coming for: those whose own deadline passes, and those whose leader ended without
 * one. A leader ends further down the topology, from where nothing can be sent back up, so releases are noted in the store
 * and found here: soon while something happens, and less and less often, while there are followers at all.
 */
final class WaitingFollowers implements AutoCloseable {

    /** The longest that a release goes unnoticed. */
    static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    /** Where a follower goes. */
    interface Ways {

        /** Its deadline has passed. */
        void overdue(WaitingEntry follower, Instant now);

        /** It ends with another verdict. */
        void refused(WaitingEntry follower, Verdict verdict, Instant now);

        /** It makes its own call. */
        void apart(WaitingEntry follower, Request request, Instant now);

        /** It is as if it came now. */
        void again(WaitingEntry follower, Request request, Instant now);
    }

    private final ProcessorContext<?, ?> context;
    private final FlightStore flights;
    private final Transactions transactions;
    private final Ways ways;
    private final OneShotTimer timer;
    /** What was admitted before is measured no more. */
    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES));

    private Duration look = OneShotTimer.FLOOR;

    WaitingFollowers(ProcessorContext<?, ?> context, FlightStore flights, Transactions transactions, Ways ways) {
        this.context = context;
        this.flights = flights;
        this.transactions = transactions;
        this.ways = ways;
        this.timer = new OneShotTimer(context, this::advance);
    }

    /** Goes on with what an earlier owner left. */
    void resume() {
        if (flights.nextDeadline() != null || flights.nextRelease() != null) {
            timer.wakeAt(Instant.EPOCH);
        }
    }

    /** There is one more. */
    void added(Instant deadline, Instant now) {
        look = OneShotTimer.FLOOR;
        Instant next = now.plus(look);
        timer.wakeAt(deadline.isBefore(next) ? deadline : next);
    }

    private void advance(Instant now) {
        if (!endOverdue(now) || !releaseAll(now)) {
            timer.wakeAt(now);
            return;
        }
        Instant deadline = flights.nextDeadline();
        if (deadline != null) {
            Instant next = now.plus(look);
            timer.wakeAt(deadline.isBefore(next) ? deadline : next);
            look = look.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : look.multipliedBy(2);
        }
    }

    /** @return whether all that is due was done */
    private boolean endOverdue(Instant now) {
        try (KeyValueIterator<Bytes, byte[]> rows = flights.followers().byDeadline()) {
            while (rows.hasNext()) {
                Bytes row = rows.next().key;
                if (FollowerKeys.timeOf(row).isAfter(now)) {
                    return true;
                }
                if (!endOverdue(row, now)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean endOverdue(Bytes row, Instant now) {
        @Nullable WaitingEntry follower = flights.followers().get(FollowerKeys.followerOf(row));
        if (follower == null) {
            flights.followers().dropDeadline(row);
            return true;
        }
        if (!transactions.claim(context, follower.original().length)) {
            return false;
        }
        flights.endFollower(FollowerKeys.leaderOf(row), follower);
        ways.overdue(follower, now);
        return true;
    }

    private boolean releaseAll(Instant now) {
        for (String leader = flights.nextRelease(); leader != null; leader = flights.nextRelease()) {
            if (!release(leader, flights.release(leader), now)) {
                return false;
            }
            look = OneShotTimer.FLOOR;
        }
        return true;
    }

    private boolean release(String leader, Release how, Instant now) {
        try (KeyValueIterator<Bytes, byte[]> rows = flights.followers().of(leader)) {
            while (rows.hasNext()) {
                WaitingEntry follower = flights.followers().decode(rows.next());
                if (!transactions.claim(context, follower.original().length)) {
                    return false;
                }
                flights.endFollower(leader, follower);
                release(follower, how, now);
            }
        }
        flights.endRelease(leader);
        return true;
    }

    private void release(WaitingEntry follower, Release how, Instant now) {
        switch (codec.parse(follower.original())) {
            case RequestCodec.Parsed.Refused refused ->
                // A version that admits less than the one before it.
                ways.refused(follower, Verdict.Failure.of(refused.code(), 0, refused.detail()), now);
            case RequestCodec.Parsed.Accepted accepted -> {
                switch (how) {
                    case APART -> ways.apart(follower, accepted.request(), now);
                    case TOGETHER -> ways.again(follower, accepted.request(), now);
                }
            }
        }
    }

    @Override
    public void close() {
        timer.close();
    }
}
