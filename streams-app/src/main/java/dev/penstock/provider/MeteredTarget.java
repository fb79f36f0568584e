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
    public Availability look(Instant now) {
        return next.look(now);
    }

    @Override
    public Entry enter(long tokens, Instant now) {
        return switch (next.enter(tokens, now)) {
            case Entry.NotNow notNow -> notNow;
            case Entry.Entered entered -> new Entry.Entered(new MeteredLease(entered.lease()));
        };
    }

    private final class MeteredLease implements Lease {

        private final Lease next;

        MeteredLease(Lease next) {
            this.next = next;
        }

        @Override
        public ProviderReply call(ProviderCall call) throws InterruptedException {
            long begun = clock.monotonicTime();
            ProviderReply reply = null;
            try {
                reply = next.call(call);
                return reply;
            } finally {
                measured(call, reply, clock.monotonicTime() - begun);
            }
        }

        private void measured(ProviderCall call, @Nullable ProviderReply reply, long nanos) {
            meters.attempt(call.body().path("model").asString(""), reply, Duration.ofNanos(Math.max(0, nanos)));
        }

        @Override
        public void cancel() {
            next.cancel();
        }
    }
}
