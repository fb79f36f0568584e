package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.CacheClaim;
import dev.penstock.work.DueTimes;
import dev.penstock.work.FanOut;
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

/** Keeps whole answers, and gives those who follow a call its verdict. What does not use the cache passes through. */
final class CacheSettling implements Processor<String, Settled, String, Settled> {

    private final CacheParts parts;
    private final Transactions transactions;
    private ProcessorContext<String, Settled> context;
    private AnswerStore answers;
    private FlightStore flights;
    private CacheBook book;
    private FanOut<WaitingEntry> fanOut;
    private DueTimes dueTimes;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    CacheSettling(CacheParts parts, Transactions transactions) {
        this.parts = parts;
        this.transactions = transactions;
    }

    @Override
    public void init(ProcessorContext<String, Settled> context) {
        this.context = context;
        TaskCache task = parts.task(context);
        this.answers = task.answers();
        this.flights = task.flights();
        this.book = new CacheBook(parts.limits(), answers);
        this.fanOut = new FanOut<>(
                context, new CoalescedFollowers(context, flights, parts.listener()), transactions, "cache answers");
        this.dueTimes = new DueTimes(context)
                .add("answers", fanOut::next, fanOut::advance)
                .add("expiry", this::nextSweep, this::sweep);
        CacheTotals totals = answers.allTotals();
        parts.listener().holds(context.taskId().partition(), totals.entries(), totals.bytes());
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, Settled> record) {
        CacheClaim claim = record.value().ticket().cache();
        if (claim == null) {
            context.forward(record);
            return;
        }
        settle(record, claim);
        dueTimes.refresh();
    }

    private void settle(Record<String, Settled> record, CacheClaim claim) {
        Settled settled = record.value();
        RequestId id = settled.ticket().id();
        CacheKey key = new CacheKey(settled.ticket().tenant(), claim.hash());
        FlightEntry flight = flights.flight(key);
        String group = flights.landed(key, id);
        if (settled.verdict() instanceof Verdict.Answer answer) {
            keep(key, claim, answer);
        }
        context.forward(record);
        if (group != null) {
            release(group, key, settled.verdict(), flight != null && flight.isLedBy(id) ? flight : null);
        }
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
            }
            case Keeping.NoRoom noRoom -> parts.listener().evicted(noRoom.evicted());
            case Keeping.TooLarge tooLarge -> {}
        }
    }

    /** @param led the flight of the one that ended; null if another flies for the key since */
    private void release(String group, CacheKey key, Verdict verdict, @Nullable FlightEntry led) {
        switch (parts.coalescing().ended(verdict)) {
            case FollowersDecision.Share share -> share(group, ((Verdict.Answer) verdict).shared());
            case FollowersDecision.FailEach fail -> share(group, fail.failure());
            case FollowersDecision.ReleaseEach each -> flights.putRelease(group, Release.of(Release.How.APART, key));
            case FollowersDecision.HandOver over -> {
                flights.putRelease(group, Release.of(Release.How.TOGETHER, key));
                if (led != null) {
                    // Whoever asks the same before another leads follows too.
                    flights.putFlight(key, led);
                }
            }
        }
    }

    private void share(String group, Verdict verdict) {
        if (!flights.putFanOut(group, verdict)) {
            flights.putFanOut(
                    group,
                    Verdict.Failure.of(
                            DeadLetterCode.OUTCOME_RESULT_TOO_LARGE,
                            0,
                            "answer: too large to keep for identical requests (expected: at most "
                                    + RecordSizes.MAX_STORED_BYTES + " bytes as stored)"));
        }
        fanOut.advance(now());
    }

    private @Nullable Instant nextSweep() {
        Instant next = answers.nextExpiry();
        return next == null ? null : SweepTimes.after(next);
    }

    private void sweep(Instant now) {
        while (transactions.claim(context, "cache expiry", 0) && book.forgetExpired(now)) {}
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        dueTimes.close();
        parts.listener().holds(context.taskId().partition(), 0, 0);
    }
}
