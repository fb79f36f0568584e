package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.Source;
import dev.penstock.work.CacheClaim;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Lead;
import dev.penstock.work.Settled;
import dev.penstock.work.Ticket;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import dev.penstock.work.WaitingFollowers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Answers from the cache, lets a request follow its twin's call, and lets through what must be asked. */
final class CacheProcessor implements Processor<String, Lead, String, Object> {

    private static final String FOLLOWERS = "cache followers";

    private final CacheParts parts;
    private final Transactions transactions;
    private final CacheRoutes routes;
    private ProcessorContext<String, Object> context;
    private TaskCache task;
    private AnswerStore answers;
    private FlightStore flights;
    private CacheBook book;
    private WaitingFollowers<WaitingEntry> waiting;
    private DueTimes dueTimes;
    /** What was admitted before is measured no more. */
    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES));

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    CacheProcessor(CacheParts parts, Transactions transactions, CacheRoutes routes) {
        this.parts = parts;
        this.transactions = transactions;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        this.task = parts.start(context);
        this.answers = task.answers();
        this.flights = task.flights();
        this.book = new CacheBook(parts.limits(), answers);
        this.waiting = new WaitingFollowers<>(
                context,
                flights.followers(),
                flights.releases(),
                transactions,
                FOLLOWERS,
                () -> parts.caughtUp(context),
                new Ways());
        this.dueTimes = new DueTimes(context).add("followers", waiting::next, waiting::advance);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, Lead> record) {
        Lead lead = record.value();
        arrive(lead, decide(lead), Instant.ofEpochMilli(context.currentSystemTimeMs()));
        dueTimes.refresh();
    }

    private CacheDecision decide(Lead lead) {
        return parts.decide(context.taskId(), lead.ticket().tenant(), lead.request());
    }

    private void arrive(Lead lead, CacheDecision decision, Instant now) {
        flights.followers().saw(lead.ticket().tenant(), now);
        switch (decision) {
            case CacheDecision.Skip skip -> ask(lead, now);
            case CacheDecision.Refresh refresh -> share(lead, key(lead), decision, refresh.ttl(), now);
            case CacheDecision.Lookup lookup -> look(lead, key(lead), lookup, now);
        }
    }

    private CacheKey key(Lead lead) {
        return parts.key(context, lead);
    }

    private void look(Lead lead, CacheKey key, CacheDecision.Lookup lookup, Instant now) {
        if (!answered(lead, key, now)) {
            share(lead, key, lookup, lookup.ttl(), now);
        }
    }

    /** @return whether the answer was kept, and the request has it */
    private boolean answered(Lead lead, CacheKey key, Instant now) {
        return switch (book.find(key, now)) {
            case Found.Hit hit -> {
                parts.listener().hit();
                end(lead, answers.answer(key).shared(), Source.CACHE, now);
                yield true;
            }
            case Found.Miss miss -> {
                parts.listener().miss();
                yield false;
            }
        };
    }

    private void share(Lead lead, CacheKey key, CacheDecision decision, Duration ttl, Instant now) {
        Lead claiming = claiming(lead, key, ttl);
        @Nullable FlightEntry entry = flights.flight(key);
        Flight flight = entry == null ? null : entry.flight();
        switch (parts.coalescing().arrive(decision, flight, lead.ticket().priority())) {
            case CoalescingDecision.Lead first -> {
                flights.putFlight(
                        key, FlightEntry.of(lead.ticket().id(), lead.ticket().priority()));
                ask(claiming, now);
            }
            case CoalescingDecision.Follow follow -> follow(claiming, key, Objects.requireNonNull(entry), now);
            case CoalescingDecision.Alone alone -> ask(claiming, now);
        }
    }

    private static Lead claiming(Lead lead, CacheKey key, Duration ttl) {
        Ticket ticket = lead.ticket().claiming(new CacheClaim(key.hash(), ttl));
        return new Lead(ticket, lead.key(), lead.request(), lead.original());
    }

    private void follow(Lead lead, CacheKey key, FlightEntry flight, Instant now) {
        Ticket ticket = lead.ticket();
        if (!ticket.deadline().isAfter(now)) {
            end(lead, overdue(), Source.COALESCED, now);
            return;
        }
        WaitingEntry follower = new WaitingEntry(ticket, lead.key(), lead.original());
        Verdict refused = flights.followers().refused(follower);
        if (refused != null) {
            end(lead, refused, Source.COALESCED, now);
            return;
        }
        if (!flights.followers().put(flight.groupOfFollowers(), follower)) {
            // Too large to wait here; dispatch says so if it is too large to wait there.
            ask(lead, now);
            return;
        }
        if (flight.group() == null) {
            flights.putFlight(key, flight.withFollowers());
        }
        parts.listener().followed();
        waiting.added(now);
    }

    private static Verdict overdue() {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_DEADLINE, 0, "deadline passed while an identical request was in flight");
    }

    private void ask(Lead lead, Instant now) {
        context.forward(new Record<>(lead.ticket().tenant(), lead, now.toEpochMilli()), routes.asked());
    }

    private void end(Lead lead, Verdict verdict, Source source, Instant now) {
        end(new WaitingEntry(lead.ticket(), lead.key(), lead.original()), verdict, source, now);
    }

    private void end(WaitingEntry request, Verdict verdict, Source source, Instant now) {
        Settled settled = new Settled(request.ticket(), request.key(), verdict, request.original(), source);
        context.forward(new Record<>(request.ticket().tenant(), settled, now.toEpochMilli()), routes.ended());
    }

    @Override
    public void close() {
        dueTimes.close();
        parts.end(context, task);
    }

    /** How a follower continues. */
    private final class Ways implements WaitingFollowers.Ways<WaitingEntry> {

        @Override
        public void overdue(WaitingEntry follower, Instant now) {
            end(follower, CacheProcessor.overdue(), Source.COALESCED, now);
        }

        @Override
        public boolean release(String group, Instant now) {
            Release release = flights.release(group);
            for (WaitingEntry next = flights.followers().first(group);
                    next != null;
                    next = flights.followers().first(group)) {
                RequestCodec.Parsed parsed = codec.parse(next.original());
                if (!transactions.claim(context, FOLLOWERS, next.original().length + given(next, parsed, release))) {
                    return false;
                }
                flights.followers().end(group, next);
                if (continues(next, parsed, group, release, now)) {
                    return true;
                }
            }
            flights.releases().remove(group);
            if (stands(release, group)) {
                flights.deleteFlight(release.key());
            }
            return true;
        }

        /** Whether the flight of a leader that ended still stands for its followers, with none after it. */
        private boolean stands(Release release, String group) {
            FlightEntry flight = flights.flight(release.key());
            return flight != null && group.equals(flight.group());
        }

        /** What it would be given at once, in bytes. */
        private long given(WaitingEntry next, RequestCodec.Parsed parsed, Release release) {
            return release.how() == Release.How.TOGETHER && parsed instanceof RequestCodec.Parsed.Accepted accepted
                    ? parts.bytesFor(context, lead(next, accepted))
                    : 0;
        }

        private Lead lead(WaitingEntry next, RequestCodec.Parsed.Accepted accepted) {
            return new Lead(next.ticket(), next.key(), accepted.request(), next.original());
        }

        /** @return whether it leads the others of its group */
        private boolean continues(
                WaitingEntry next, RequestCodec.Parsed parsed, String group, Release release, Instant now) {
            return switch (parsed) {
                case RequestCodec.Parsed.Refused refused -> {
                    // A version that admits less than the one before it.
                    end(next, Verdict.Failure.of(refused.code(), 0, refused.detail()), Source.COALESCED, now);
                    yield false;
                }
                case RequestCodec.Parsed.Accepted accepted -> {
                    parts.listener().released();
                    Lead lead = lead(next, accepted);
                    yield switch (release.how()) {
                        case APART -> {
                            ask(lead, now);
                            yield false;
                        }
                        case TOGETHER -> takesOver(lead, group, release, now);
                    };
                }
            };
        }

        /** @return whether it leads; if not, it has an answer, makes its own call, or follows another */
        private boolean takesOver(Lead lead, String group, Release release, Instant now) {
            CacheDecision decision = decide(lead);
            CacheKey key = release.key();
            if (!(decision instanceof CacheDecision.Lookup lookup)
                    || !stands(release, group)
                    || !key.equals(key(lead))) {
                arrive(lead, decision, now);
                return false;
            }
            if (answered(lead, key, now)) {
                return false;
            }
            flights.handOver(
                    key, group, new Flight(lead.ticket().id(), lead.ticket().priority()));
            ask(claiming(lead, key, lookup.ttl()), now);
            return true;
        }
    }
}
