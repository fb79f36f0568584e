package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Bounds the calls that a target has at once, by a limit that follows the provider's throttling. */
final class BulkheadTarget implements Target {

    private final Target next;
    private final ConcurrencyLimit limit;
    private final InstantSource clock;

    BulkheadTarget(Target next, ConcurrencyLimit limit, InstantSource clock) {
        this.next = next;
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public String name() {
        return next.name();
    }

    @Override
    public Availability look(@Nullable String tenant, Instant now) {
        return limit.hasRoom() ? next.look(tenant, now) : new Availability.Busy();
    }

    @Override
    public Entry enter(String tenant, long tokens, Instant now) {
        ConcurrencyLimit.Place place = limit.tryTake();
        if (place == null) {
            return new Entry.NotNow(new Availability.Busy());
        }
        Entry entry = null;
        try {
            entry = entered(tenant, tokens, now, place);
            return entry;
        } finally {
            if (!(entry instanceof Entry.Entered)) {
                limit.left(place);
            }
        }
    }

    private Entry entered(String tenant, long tokens, Instant now, ConcurrencyLimit.Place place) {
        return switch (next.enter(tenant, tokens, now)) {
            case Entry.NotNow notNow -> notNow;
            case Entry.Entered entered ->
                LeaseDecorator.around(entered.lease(), lease -> new BulkheadLease(lease, place));
        };
    }

    private final class BulkheadLease extends LeaseDecorator {

        private final ConcurrencyLimit.Place place;

        BulkheadLease(Lease next, ConcurrencyLimit.Place place) {
            super(next);
            this.place = place;
        }

        @Override
        void cancelled() {
            limit.left(place);
        }

        @Override
        void cut(@Nullable ProviderReply reply) {
            limit.left(place);
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            switch (reply) {
                case null -> limit.left(place);
                case ProviderReply.Answered answered -> limit.answered(place, clock.instant());
                case ProviderReply.Failed failed -> failed(failed.failureClass());
            }
        }

        private void failed(FailureClass failure) {
            if (failure == FailureClass.THROTTLED) {
                limit.throttled(place, clock.instant());
            } else {
                limit.answered(place, clock.instant());
            }
        }
    }
}
