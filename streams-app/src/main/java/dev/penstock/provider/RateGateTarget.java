package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to the limits of the account, and away from a provider that turned calls away. Throttling and spend caps hold for
 * the account, so they close every target of it; refused credentials close this target alone, as a key may be good for one
 * model and not for another. Refusals that {@link Witnesses} hold for one tenant's own close nothing; what {@link Suspects} closed over
 * few tenants, others may try.
 */
final class RateGateTarget implements Target {

    static final Duration CREDENTIALS_FOR = Duration.ofSeconds(60);

    private final Target next;
    private final RateGate account;
    /** Guarded by the account. */
    private final Gate credentials;

    /** Guarded by the account, like that of the account. */
    private final Witnesses ofTheKey = new Witnesses();

    private final ClosedTime refused = new ClosedTime();
    private final InstantSource clock;
    private final TargetListener listener;

    RateGateTarget(Target next, RateGate account, Duration patience, InstantSource clock, TargetListener listener) {
        this.next = next;
        this.account = account;
        this.credentials = new Gate(patience);
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public String name() {
        return next.name();
    }

    @Override
    public Availability look(@Nullable String tenant, Instant now) {
        return lookHere(tenant, now).and(next.look(tenant, now));
    }

    private Availability lookHere(@Nullable String tenant, Instant now) {
        synchronized (account) {
            return account.look(tenant, now).and(credentials.look(tenant, now));
        }
    }

    @Override
    public Entry enter(String tenant, long tokens, Instant now) {
        synchronized (account) {
            Availability here = lookHere(tenant, now);
            if (!here.isOpen()) {
                return new Entry.NotNow(here);
            }
            return switch (next.enter(tenant, tokens, now)) {
                case Entry.NotNow notNow -> notNow;
                case Entry.Entered entered ->
                    LeaseDecorator.around(
                            entered.lease(),
                            lease -> new GateLease(
                                    lease, tenant, account.enter(tokens, now), credentials.enter(now), tokens));
            };
        }
    }

    /** {@code open}, or what keeps calls out. */
    String state(Instant now) {
        synchronized (account) {
            return credentials.isClosed(now) ? FailureClass.CREDENTIALS.wireName() : account.state(now);
        }
    }

    double refusedSeconds() {
        return refused.seconds(FailureClass.CREDENTIALS);
    }

    /**
     * What a call has used of the tokens that it took. Where nobody knows, all of it stays counted: the provider may have
     * counted it.
     */
    static long used(@Nullable ProviderReply reply, long tokens) {
        return switch (reply) {
            case null -> tokens;
            case ProviderReply.Answered answered -> total(answered.usage(), tokens);
            case ProviderReply.Failed failed -> total(failed.usage(), isRefusal(failed) ? 0 : tokens);
        };
    }

    /** What is refused brings no output, and without that the prompt is little. */
    private static boolean isRefusal(ProviderReply.Failed failed) {
        return !failed.possiblyBilled() || failed.failureClass() == FailureClass.PERMANENT;
    }

    private static long total(@Nullable TokenUsage usage, long otherwise) {
        return usage == null ? otherwise : usage.totalTokens();
    }

    private final class GateLease extends LeaseDecorator {

        private final String tenant;
        private final Gate.Pass pass;
        private final Gate.Pass keyPass;
        private final long tokens;

        GateLease(Lease next, String tenant, Gate.Pass pass, Gate.Pass keyPass, long tokens) {
            super(next);
            this.tenant = tenant;
            this.pass = pass;
            this.keyPass = keyPass;
            this.tokens = tokens;
        }

        @Override
        void cancelled() {
            synchronized (account) {
                account.cancelled(pass, tokens, clock.instant());
                credentials.left(keyPass);
            }
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            switch (reply) {
                case null -> unheard();
                case ProviderReply.Answered answered -> answered();
                case ProviderReply.Failed failed -> failed(failed);
            }
            account.used(tokens, used(reply, tokens), clock.instant());
        }

        private void failed(ProviderReply.Failed failed) {
            switch (failed.failureClass()) {
                case PERMANENT -> taken();
                case TRANSIENT, UNKNOWN -> unheard();
                case CREDENTIALS -> refused();
                case SPEND_CAPPED -> capped(failed.retryAfter());
                case THROTTLED -> holdsForAll(FailureClass.THROTTLED, failed.retryAfter());
            }
        }

        private void unheard() {
            synchronized (account) {
                account.ended(pass);
                credentials.left(keyPass);
            }
        }

        private void answered() {
            Instant now = clock.instant();
            synchronized (account) {
                account.succeeded(pass);
                credentials.left(keyPass);
                credentials.succeeded(keyPass);
                account.witnesses().answered(tenant, now);
                ofTheKey.answered(tenant, now);
            }
        }

        /**
         * A request may be refused for what it is before anybody looks at its key or the account, so a refusal is no witness,
         * and opens nothing before its time.
         */
        private void taken() {
            Instant now = clock.instant();
            synchronized (account) {
                if (account.isClosed(now) || credentials.isClosed(now)) {
                    unheard();
                    return;
                }
                account.succeeded(pass);
                credentials.left(keyPass);
                credentials.succeeded(keyPass);
            }
        }

        private void refused() {
            Instant now = clock.instant();
            Instant until;
            boolean news;
            synchronized (account) {
                if (!ofTheKey.refused(tenant, now)) {
                    unheard();
                    return;
                }
                account.ended(pass);
                credentials.left(keyPass);
                news = !credentials.isClosed(now);
                refused.add(
                        FailureClass.CREDENTIALS, credentials.close(keyPass, tenant, now.plus(CREDENTIALS_FOR), now));
                until = credentials.closedUntil();
            }
            if (news) {
                listener.closed(name(), FailureClass.CREDENTIALS, until, now);
            }
        }

        private void capped(@Nullable Duration asked) {
            boolean concernsAll;
            synchronized (account) {
                concernsAll = account.witnesses().refused(tenant, clock.instant());
            }
            if (asked != null) {
                holdsForAll(FailureClass.SPEND_CAPPED, asked);
            } else if (concernsAll) {
                turnedAway(FailureClass.SPEND_CAPPED, RateGate.SPEND_CAPPED_FOR, false);
            } else {
                unheard();
            }
        }

        private void holdsForAll(FailureClass why, @Nullable Duration asked) {
            turnedAway(why, asked == null ? account.guess(pass) : asked, true);
        }

        private void turnedAway(FailureClass why, Duration wait, boolean holdsForAll) {
            Instant now = clock.instant();
            Instant until;
            boolean news;
            synchronized (account) {
                credentials.left(keyPass);
                news = !account.isClosed(now);
                until = account.close(pass, tenant, why, wait, holdsForAll, now);
            }
            if (news) {
                listener.closed(name(), why, until, now);
            }
        }
    }
}
