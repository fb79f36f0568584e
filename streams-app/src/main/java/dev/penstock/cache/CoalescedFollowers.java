package dev.penstock.cache;

import dev.penstock.schemas.Source;
import dev.penstock.work.FanOut;
import dev.penstock.work.Followers;
import dev.penstock.work.Settled;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Those who follow calls that are over and whose answer, or failure, is theirs too. */
final class CoalescedFollowers implements FanOut.Queue<WaitingEntry> {

    private final ProcessorContext<String, Settled> context;
    private final FlightStore flights;
    private final CacheListener listener;

    CoalescedFollowers(ProcessorContext<String, Settled> context, FlightStore flights, CacheListener listener) {
        this.context = context;
        this.flights = flights;
        this.listener = listener;
    }

    @Override
    public @Nullable String nextGroup() {
        return flights.nextFanOut();
    }

    @Override
    public Verdict verdict(String group) {
        return flights.shared(group);
    }

    @Override
    public Followers<WaitingEntry> followers() {
        return flights.followers();
    }

    @Override
    public void end(String group, WaitingEntry follower, Verdict verdict, Instant now) {
        flights.followers().end(group, follower);
        listener.coalesced();
        context.forward(new Record<>(
                follower.ticket().tenant(),
                new Settled(follower.ticket(), follower.key(), verdict, follower.original(), Source.COALESCED),
                now.toEpochMilli()));
    }

    @Override
    public void done(String group) {
        flights.endFanOut(group);
    }
}
