package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one account, shared by the targets that draw on it: requests and tokens a minute, and the time that the
 * provider asked to be left alone. Its targets lock it for the moment in which a call enters or ends.
 */
final class RateGate {

    static final Duration SPEND_CAPPED_FOR = Duration.ofMinutes(5);

    /** What the first 429 that names no time closes the gate for. */
    private static final Duration FIRST_GUESS = Duration.ofSeconds(1);

    private static final Duration LONGEST_GUESS = Duration.ofSeconds(60);

    /** "Come back in 0 s" is no invitation to ask without a pause. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final TokenBucket requests;
    private final TokenBucket tokens;
    private final Gate gate;
    private final Witnesses witnesses = new Witnesses();
    private final ClosedTime closedTime = new ClosedTime();
    private Duration guess = Duration.ZERO;
    private FailureClass cause = FailureClass.THROTTLED;

    /**
     * @param requestsPerMinute zero for no limit
     * @param tokensPerMinute zero for no limit
     * @param patience how long the one call after a closing may keep the others waiting
     */
    RateGate(long requestsPerMinute, long tokensPerMinute, Duration patience) {
        this.requests = new TokenBucket(requestsPerMinute);
        this.tokens = new TokenBucket(tokensPerMinute);
        this.gate = new Gate(patience);
    }

    synchronized Availability look(@Nullable String tenant, Instant now) {
        return refill(now).and(gate.look(tenant, now));
    }

    private Availability refill(Instant now) {
        Instant requestsAt = requests.openAt(now);
        Instant tokensAt = tokens.openAt(now);
        Instant until = requestsAt.isAfter(tokensAt) ? requestsAt : tokensAt;
        return until.isAfter(now) ? new Availability.ClosedUntil(until) : new Availability.Open();
    }

    /** Lets a call in that {@link #look} found open. */
    synchronized Gate.Pass enter(long amount, Instant now) {
        requests.take(1, now);
        tokens.take(amount, now);
        return gate.enter(now);
    }

    synchronized void cancelled(Gate.Pass pass, long amount, Instant now) {
        requests.giveBack(1, now);
        tokens.giveBack(amount, now);
        gate.left(pass);
    }

    /** The call is over, and how is not known. It stays counted: the provider may have counted it. */
    synchronized void ended(Gate.Pass pass) {
        gate.left(pass);
    }

    /** The provider took the call. */
    synchronized void succeeded(Gate.Pass pass) {
        gate.left(pass);
        if (gate.isCurrent(pass)) {
            gate.succeeded(pass);
            guess = Duration.ZERO;
        }
    }

    /** A call that was counted for an amount has used another one, less or more. */
    synchronized void used(long counted, long used, Instant now) {
        tokens.correct(counted, used, now);
    }

    /**
     * The provider turned the call away.
     *
     * @param tenant whose call it was
     * @param why throttled or spend-capped
     * @param wait what the provider asked for, or our guess
     * @param holdsForAll whatever others ask for
     * @return until when the gate is closed now
     */
    synchronized Instant close(
            Gate.Pass pass, String tenant, FailureClass why, Duration wait, boolean holdsForAll, Instant now) {
        gate.left(pass);
        Duration longer = gate.close(pass, tenant, now.plus(wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait), now);
        if (holdsForAll) {
            gate.holdsForAll();
        }
        if (!longer.isZero()) {
            cause = why;
            closedTime.add(why, longer);
        }
        return gate.closedUntil();
    }

    /**
     * How long to stay away when the provider does not say: doubles while calls are turned away. Calls that were sent
     * together are turned away together, which is once.
     */
    synchronized Duration guess(Gate.Pass pass) {
        if (gate.isCurrent(pass)) {
            Duration doubled = guess.isZero() ? FIRST_GUESS : guess.multipliedBy(2);
            guess = doubled.compareTo(LONGEST_GUESS) > 0 ? LONGEST_GUESS : doubled;
        }
        return guess.isZero() ? FIRST_GUESS : guess;
    }

    /** Who found the account with and without money; for those who hold its lock. */
    Witnesses witnesses() {
        return witnesses;
    }

    synchronized boolean isClosed(Instant now) {
        return gate.isClosed(now);
    }

    /** {@code open}, or what keeps calls out. */
    synchronized String state(Instant now) {
        if (gate.isClosed(now)) {
            return cause.wireName();
        }
        if (!refill(now).isOpen()) {
            return TargetView.RATE_LIMITED;
        }
        return gate.isOneAtATime() ? "one_at_a_time" : "open";
    }

    double closedSeconds(FailureClass why) {
        return closedTime.seconds(why);
    }
}
