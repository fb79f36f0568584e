package dev.penstock.provider;

import dev.penstock.config.BreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.TransitionCheckResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * When a target is left alone. The states and the failure rates are Resilience4j's, that of the probes included; runs of
 * failures, probes that hang, the ramp after closing and what becomes of calls that end in another state than they began in
 * are ours.
 */
final class Breaker {

    /** How an attempt ended, as far as a breaker cares. */
    enum Verdict {
        SUCCESS,
        FAILURE,
        /** Says nothing about whether the target works. */
        NEUTRAL
    }

    /** A change of state. */
    record Transition(String from, String to, Instant at) {}

    /** The right to make one attempt. It counts only in the state that it was given in. */
    static final class Permission {
        private final long era;
        private final long successesBefore;
        private final Instant since;

        private Permission(long era, long successesBefore, Instant since) {
            this.era = era;
            this.successesBefore = successesBefore;
            this.since = since;
        }
    }

    /** Fewer say nothing about a rate. */
    private static final int MINIMUM_CALLS = 20;

    /** Probes that hang are ours to find; this is for a half-open state that we forgot, so it may be long. */
    private static final int BACKSTOP = 10;

    /** What a failure is to Resilience4j, which takes only throwables where it asks about transitions. */
    private static final class TargetFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private TargetFailed() {
            super("the target failed", null, false, false);
        }
    }

    private final BreakerConfig config;
    private final CircuitBreaker circuit;
    private final RampUp ramp;
    private final Cooldown open = new Cooldown();
    private final List<Permission> probes = new ArrayList<>();
    private final List<Transition> unannounced = new ArrayList<>();
    private CircuitBreaker.State known = CircuitBreaker.State.CLOSED;
    private long era;
    private int probesLeft;
    private int failuresInARow;
    private long successes;
    private int inFlight;

    /** @param all what the ramp leads to: the calls that the target gets at once */
    Breaker(String target, BreakerConfig config, int all, InstantSource clock) {
        this.config = config;
        this.ramp = new RampUp(config.probes(), all, config.rampUp());
        this.circuit = CircuitBreaker.of(target, settings(config, clock));
    }

    private CircuitBreakerConfig settings(BreakerConfig config, InstantSource clock) {
        // Of the probes it asks for as many as there are, or for the minimum if that is less.
        int minimum = Math.max(config.probes(), MINIMUM_CALLS);
        Duration longest =
                config.longestProbe().compareTo(config.openFor()) > 0 ? config.longestProbe() : config.openFor();
        return CircuitBreakerConfig.custom()
                .clock(new ForwardClock(clock).withZone(ZoneOffset.UTC))
                .slidingWindow(Math.toIntExact(config.window().toSeconds()), minimum, SlidingWindowType.TIME_BASED)
                .failureRateThreshold(config.failureRatePercent())
                .transitionOnResult(result -> failuresInARow >= config.consecutiveFailures()
                        ? TransitionCheckResult.transitionToOpenAndWaitFor(config.openFor())
                        : TransitionCheckResult.noTransition())
                .waitDurationInOpenState(config.openFor())
                .permittedNumberOfCallsInHalfOpenState(config.probes())
                .maxWaitDurationInHalfOpenState(longest.multipliedBy(BACKSTOP))
                .build();
    }

    synchronized Availability look(Instant now) {
        failHungProbes(now);
        return switch (known) {
            case OPEN -> open.isOver(now) ? new Availability.Open() : new Availability.ClosedUntil(open.until(now));
            case HALF_OPEN -> room(probesLeft > 0);
            default -> room(inFlight < ramp.limit(now));
        };
    }

    private static Availability room(boolean isThere) {
        return isThere ? new Availability.Open() : new Availability.Busy();
    }

    /** Gives the permission that {@link #look} found. */
    synchronized Permission take(Instant now) {
        if (known == CircuitBreaker.State.OPEN) {
            circuit.transitionToHalfOpenState();
            noteState(now);
        }
        Permission permission = new Permission(era, successes, now);
        if (known == CircuitBreaker.State.HALF_OPEN) {
            circuit.tryAcquirePermission();
            probesLeft--;
            probes.add(permission);
        }
        inFlight++;
        return permission;
    }

    synchronized void ended(Permission permission, Verdict verdict, Instant now) {
        inFlight--;
        failHungProbes(now);
        boolean probe = probes.remove(permission);
        boolean counted = known == CircuitBreaker.State.HALF_OPEN && !probe;
        if (permission.era != era || counted) {
            return;
        }
        switch (verdict) {
            case SUCCESS -> succeeded();
            case FAILURE -> failed(permission.successesBefore == successes);
            case NEUTRAL -> {
                circuit.releasePermission();
                probesLeft += probe ? 1 : 0;
            }
        }
        noteState(now);
    }

    private void succeeded() {
        failuresInARow = 0;
        successes++;
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /**
     * @param news whether the call began after the last success. Calls that began together time out together, long after
     *     others were answered: that is no run of failures
     */
    private void failed(boolean news) {
        // Probes are no run: Resilience4j looks for one after the last of them has closed it.
        failuresInARow += news && known == CircuitBreaker.State.CLOSED ? 1 : 0;
        circuit.onError(0, TimeUnit.NANOSECONDS, new TargetFailed());
    }

    /** How they end later does not count. */
    private void failHungProbes(Instant now) {
        noteState(now);
        // Probes are in the order in which they began. The last one to fail changes the state, which clears them.
        while (!probes.isEmpty() && !now.isBefore(probes.getFirst().since.plus(config.longestProbe()))) {
            probes.removeFirst();
            failed(true);
            noteState(now);
        }
    }

    private void noteState(Instant now) {
        CircuitBreaker.State state = circuit.getState();
        if (state == known) {
            return;
        }
        unannounced.add(new Transition(text(known), text(state), now));
        known = state;
        era++;
        probes.clear();
        failuresInARow = 0;
        probesLeft = config.probes();
        if (state == CircuitBreaker.State.OPEN) {
            open.extend(now.plus(config.openFor()), now);
        } else if (state == CircuitBreaker.State.CLOSED) {
            ramp.begin(now);
        }
    }

    /** The changes of state since it was last asked. */
    synchronized List<Transition> news() {
        if (unannounced.isEmpty()) {
            return List.of();
        }
        List<Transition> news = List.copyOf(unannounced);
        unannounced.clear();
        return news;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized CircuitBreaker.State state() {
        return known;
    }

    /** {@code closed}, {@code ramping_up}, {@code half_open} or {@code open}. */
    synchronized String text(Instant now) {
        boolean ramping = known == CircuitBreaker.State.CLOSED && ramp.isRunning(now);
        return ramping ? "ramping_up" : text(known);
    }

    private static String text(CircuitBreaker.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
