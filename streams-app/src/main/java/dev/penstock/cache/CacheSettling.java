package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.CacheClaim;
import dev.penstock.work.FanOut;
import dev.penstock.work.OneShotTimer;
import dev.penstock.work.RequestId;
import dev.penstock.work.Settled;
import dev.penstock.work.SweepTimes;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Keeps whole answers, and gives those who follow a call what it came to. What does not use the cache passes through. */
final class CacheSettling implements Processor<String, Settled, String, Settled> {

    private final CacheParts parts;
    private final Transactions transactions;
    private ProcessorContext<String, Settled> context;
    private AnswerStore answers;
    private FlightStore flights;
    private CacheBook book;
    private FanOut<WaitingEntry> fanOut;
    private OneShotTimer expiry;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    CacheSettling(CacheParts parts, Transactions transactions) {
        this.parts = parts;
        this.transactions = transactions;
    }

    @Override
    public void init(ProcessorContext<String, Settled> context) {
        this.context = context;
        this.answers = new AnswerStore(context.getStateStore(Caching.STORE), parts.sizeOf(context));
        this.flights = new FlightStore(context.getStateStore(Caching.STORE), parts.flights(context));
        this.book = new CacheBook(parts.limits(), answers);
        this.fanOut = new FanOut<>(context, new CoalescedFollowers(context, flights, parts.listener()), transactions);
        this.expiry = new OneShotTimer(context, this::sweep);
        CacheTotals totals = answers.allTotals();
        parts.listener().holds(context.taskId().partition(), totals.entries(), totals.bytes());
        fanOut.resume();
        scheduleSweep(answers.nextExpiry());
    }

    @Override
    public void process(Record<String, Settled> record) {
        Settled settled = record.value();
        CacheClaim claim = settled.ticket().cache();
        if (claim == null) {
            context.forward(record);
            return;
        }
        CacheKey key = new CacheKey(settled.ticket().tenant(), claim.hash());
        boolean followed = landed(key, settled.ticket().id());
        if (settled.verdict() instanceof Verdict.Answer answer) {
            keep(key, claim, answer);
        }
        context.forward(record);
        if (followed) {
            letGo(settled.ticket().id().toString(), settled.verdict());
        }
    }

    /** The request flies no more. @return whether any request follows it */
    private boolean landed(CacheKey key, RequestId id) {
        @Nullable FlightEntry flight = flights.flight(key);
        if (flight == null || !flight.isLedBy(id)) {
            return flights.hasFollowers(id);
        }
        flights.deleteFlight(key);
        return flight.followed();
    }

    private void keep(CacheKey key, CacheClaim claim, Verdict.Answer answer) {
        if (!claim.keepsAnswer() || Completeness.of(answer.statusCode(), answer.body()) != Completeness.COMPLETE) {
            return;
        }
        byte[] stored = AnswerStore.encoded(answer);
        switch (book.keep(key, stored.length, claim.ttl(), now())) {
            case Keeping.Kept kept -> {
                answers.putAnswer(key, stored);
                parts.listener().kept();
                parts.listener().evicted(kept.evicted());
                expiry.wakeAt(SweepTimes.after(now().plus(claim.ttl())));
            }
            case Keeping.NoRoom noRoom -> parts.listener().evicted(noRoom.evicted());
            case Keeping.TooLarge tooLarge -> {}
        }
    }

    private void letGo(String leader, Verdict verdict) {
        switch (parts.coalescing().ended(verdict)) {
            case FollowersDecision.Share share -> share(leader, ((Verdict.Answer) verdict).shared());
            case FollowersDecision.FailEach fail -> share(leader, fail.failure());
            case FollowersDecision.ReleaseEach each -> flights.putRelease(leader, Release.APART);
            case FollowersDecision.HandOver over -> flights.putRelease(leader, Release.TOGETHER);
        }
    }

    private void share(String leader, Verdict verdict) {
        if (!flights.putFanOut(leader, verdict)) {
            flights.putFanOut(
                    leader,
                    Verdict.Failure.of(
                            DeadLetterCode.OUTCOME_RESULT_TOO_LARGE,
                            0,
                            "answer: too large to keep for identical requests (expected: at most "
                                    + RecordSizes.MAX_STORED_BYTES + " bytes as stored)"));
        }
        fanOut.advance(now());
    }

    private void sweep(Instant now) {
        Swept swept = book.sweep(now);
        Instant next = swept.next();
        if (next != null && !next.isAfter(now)) {
            expiry.wakeAt(now);
        } else {
            scheduleSweep(next);
        }
    }

    private void scheduleSweep(@Nullable Instant next) {
        if (next != null) {
            expiry.wakeAt(SweepTimes.after(next));
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        fanOut.close();
        expiry.close();
        parts.listener().holds(context.taskId().partition(), 0, 0);
    }
}
