package dev.penstock.provider;

import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Measures the attempts that are made. */
final class MeteredTarget implements Target {

    private final Target next;
    private final AttemptMeters meters;
    private final Clock clock;

    /** @param clock the registry's: time that passes is not time of day */
    MeteredTarget(Target next, AttemptMeters meters, Clock clock) {
        this.next = next;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return next.name();
    }

    @Override
    public Availability look(@Nullable String tenant, Instant now) {
        return next.look(tenant, now);
    }

    @Override
    public Entry enter(String tenant, long tokens, Instant now) {
        return switch (next.enter(tenant, tokens, now)) {
            case Entry.NotNow notNow -> notNow;
            case Entry.Entered entered -> LeaseDecorator.around(entered.lease(), MeteredLease::new);
        };
    }

    private final class MeteredLease extends LeaseDecorator {

        private String model = "";
        private long begun;

        MeteredLease(Lease next) {
            super(next);
        }

        @Override
        void begins(ProviderCall call) {
            model = call.body().path("model").asString("");
            begun = clock.monotonicTime();
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            long took = clock.monotonicTime() - begun;
            meters.attempt(model, reply, Duration.ofNanos(Math.max(0, took)));
        }

        @Override
        void cancelled() {}
    }
}
