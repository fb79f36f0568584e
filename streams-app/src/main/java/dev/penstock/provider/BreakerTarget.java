package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Leaves a target alone that fails, and finds out with a few probes when it is back. */
final class BreakerTarget implements Target {

    private final Target next;
    private final Breaker breaker;
    private final InstantSource clock;
    private final TargetListener listener;

    BreakerTarget(Target next, Breaker breaker, InstantSource clock, TargetListener listener) {
        this.next = next;
        this.breaker = breaker;
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public String name() {
        return next.name();
    }

    @Override
    public Availability look(@Nullable String tenant, Instant now) {
        Availability here = breaker.look(tenant, now);
        announce();
        return here.and(next.look(tenant, now));
    }

    @Override
    public Entry enter(String tenant, long tokens, Instant now) {
        Entry entry = entered(tenant, tokens, now);
        announce();
        return entry;
    }

    private Entry entered(String tenant, long tokens, Instant now) {
        synchronized (breaker) {
            Availability here = breaker.look(tenant, now);
            if (!here.isOpen()) {
                return new Entry.NotNow(here);
            }
            return switch (next.enter(tenant, tokens, now)) {
                case Entry.NotNow notNow -> notNow;
                case Entry.Entered entered ->
                    LeaseDecorator.around(entered.lease(), lease -> new BreakerLease(lease, breaker.take(tenant, now)));
            };
        }
    }

    private void announce() {
        for (Breaker.Transition change : breaker.news()) {
            listener.breaker(name(), change.from(), change.to(), change.at());
        }
    }

    /** Success is that the target did its work, be it to refuse a bad request; calls turned away say nothing about that. */
    private static Breaker.Verdict verdict(@Nullable ProviderReply reply) {
        return switch (reply) {
            case null -> Breaker.Verdict.NEUTRAL;
            case ProviderReply.Answered answered -> Breaker.Verdict.SUCCESS;
            case ProviderReply.Failed failed -> verdict(failed.failureClass());
        };
    }

    private static Breaker.Verdict verdict(FailureClass failure) {
        return switch (failure) {
            case PERMANENT -> Breaker.Verdict.SUCCESS;
            case CREDENTIALS, SPEND_CAPPED, THROTTLED -> Breaker.Verdict.NEUTRAL;
            case TRANSIENT, UNKNOWN -> Breaker.Verdict.FAILURE;
        };
    }

    private final class BreakerLease extends LeaseDecorator {

        private final Breaker.Permission permission;

        BreakerLease(Lease next, Breaker.Permission permission) {
            super(next);
            this.permission = permission;
        }

        @Override
        void begins(ProviderCall call) {
            if (call.isPatient()) {
                breaker.mayTakeLong(permission);
            }
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            ended(verdict(reply));
        }

        @Override
        void cut(@Nullable ProviderReply reply) {
            ended(Breaker.Verdict.NEUTRAL);
        }

        @Override
        void cancelled() {
            ended(Breaker.Verdict.NEUTRAL);
        }

        private void ended(Breaker.Verdict verdict) {
            breaker.ended(permission, verdict, clock.instant());
            announce();
        }
    }
}
