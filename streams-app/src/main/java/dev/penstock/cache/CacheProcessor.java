package dev.penstock.cache;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Source;
import dev.penstock.work.CacheClaim;
import dev.penstock.work.Lead;
import dev.penstock.work.Settled;
import dev.penstock.work.Ticket;
import dev.penstock.work.Transactions;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Answers from the cache, lets a request follow its twin's call, and lets through what must be asked. */
final class CacheProcessor implements Processor<String, Lead, String, Object> {

    private final CacheParts parts;
    private final Transactions transactions;
    private final CacheRoutes routes;
    private ProcessorContext<String, Object> context;
    private AnswerStore answers;
    private FlightStore flights;
    private CacheBook book;
    private WaitingFollowers waiting;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    CacheProcessor(CacheParts parts, Transactions transactions, CacheRoutes routes) {
        this.parts = parts;
        this.transactions = transactions;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        this.answers = new AnswerStore(context.getStateStore(Caching.STORE), parts.sizeOf(context));
        this.flights = new FlightStore(context.getStateStore(Caching.STORE), parts.startFlights(context));
        flights.restore();
        this.book = new CacheBook(parts.limits(), answers);
        this.waiting = new WaitingFollowers(context, flights, transactions, new Ways());
        waiting.resume();
    }

    @Override
    public void process(Record<String, Lead> record) {
        Lead lead = record.value();
        arrive(lead, decide(lead), Instant.ofEpochMilli(context.currentSystemTimeMs()));
    }

    private CacheDecision decide(Lead lead) {
        return parts.decide(context.taskId(), lead.ticket().tenant(), lead.request());
    }

    private void arrive(Lead lead, CacheDecision decision, Instant now) {
        switch (decision) {
            case CacheDecision.Skip skip -> ask(lead, now);
            case CacheDecision.Refresh refresh -> share(lead, key(lead), decision, refresh.ttl(), now);
            case CacheDecision.Lookup lookup -> look(lead, key(lead), lookup, now);
        }
    }

    private static CacheKey key(Lead lead) {
        return CacheKey.of(lead.ticket().tenant(), lead.request());
    }

    private void look(Lead lead, CacheKey key, CacheDecision.Lookup lookup, Instant now) {
        switch (book.find(key, now)) {
            case Found.Hit hit -> {
                parts.listener().hit();
                end(lead, answers.answer(key).shared(), Source.CACHE, now);
            }
            case Found.Miss miss -> {
                parts.listener().miss();
                share(lead, key, lookup, lookup.ttl(), now);
            }
        }
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
            case CoalescingDecision.Follow follow ->
                follow(claiming, key, follow.leader().toString(), now);
            case CoalescingDecision.Alone alone -> ask(claiming, now);
        }
    }

    private static Lead claiming(Lead lead, CacheKey key, Duration ttl) {
        Ticket ticket = lead.ticket().claiming(new CacheClaim(key.hash(), ttl));
        return new Lead(ticket, lead.key(), lead.request(), lead.original());
    }

    private void follow(Lead lead, CacheKey key, String leader, Instant now) {
        Ticket ticket = lead.ticket();
        if (!ticket.deadline().isAfter(now)) {
            end(lead, overdue(), Source.COALESCED, now);
            return;
        }
        if (!flights.follow(leader, new WaitingEntry(ticket, lead.key(), lead.original()))) {
            // Too large to wait here; dispatch says so if it is too large to wait there.
            ask(lead, now);
            return;
        }
        FlightEntry flight = flights.flight(key);
        if (flight != null && !flight.followed()) {
            flights.putFlight(key, flight.withFollowers());
        }
        parts.listener().followed();
        waiting.added(ticket.deadline(), now);
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
        waiting.close();
    }

    /** How a follower goes on. */
    private final class Ways implements WaitingFollowers.Ways {

        @Override
        public void overdue(WaitingEntry follower, Instant now) {
            end(follower, CacheProcessor.overdue(), Source.COALESCED, now);
        }

        @Override
        public void refused(WaitingEntry follower, Verdict verdict, Instant now) {
            end(follower, verdict, Source.COALESCED, now);
        }

        @Override
        public void apart(WaitingEntry follower, Request request, Instant now) {
            parts.listener().released();
            ask(new Lead(follower.ticket(), follower.key(), request, follower.original()), now);
        }

        @Override
        public void again(WaitingEntry follower, Request request, Instant now) {
            parts.listener().released();
            Lead lead = new Lead(follower.ticket(), follower.key(), request, follower.original());
            arrive(lead, decide(lead), now);
        }
    }
}
