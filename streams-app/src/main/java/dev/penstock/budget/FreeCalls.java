package dev.penstock.budget;

import dev.penstock.schemas.Request;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Emission;
import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;
import java.time.Instant;

/** While budgets are off: every call may leave, nothing is kept, and what is known of prices stands in usage events. */
final class FreeCalls implements Reservations {

    private static final Answer FREE = new Answer.Free();

    private final Pricing pricing;

    FreeCalls(Pricing pricing) {
        this.pricing = pricing;
    }

    @Override
    public Answer reserve(Ticket ticket, Route route, Request request, int number, Instant until, Instant now) {
        return FREE;
    }

    @Override
    public void release(String tenant, RequestId id, int number, Instant now) {}

    @Override
    public Emission.Spend settle(UsageEvent event, boolean reserved, Instant now) {
        return new Emission.Spend(pricing.priced(event), null);
    }

    @Override
    public Terms terms(String tenant) {
        return Terms.PLAIN;
    }

    @Override
    public void close() {}
}
