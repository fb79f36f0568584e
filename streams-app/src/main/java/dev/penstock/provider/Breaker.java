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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
        private final String tenant;
        private final long era;
        private final long number;
        private final Instant since;
        private boolean patient;

        private Permission(String tenant, long era, long number, Instant since) {
            this.tenant = tenant;
            this.era = era;
            this.number = number;
            this.since = since;
        }
    }

    /** Fewer say nothing about a rate. */
    private static final int MINIMUM_CALLS = 20;

    /** Failures that say whose calls opened it: as many as a run has, as a rule. */
    private static final int LAST_FAILURES = 5;

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
    private final Suspects suspects = new Suspects();
    /** Whose calls failed last while it was closed. */
    private final Deque<String> lastFailed = new ArrayDeque<>();

    private final List<Permission> probes = new ArrayList<>();
    private final List<Transition> unannounced = new ArrayList<>();
    private CircuitBreaker.State known = CircuitBreaker.State.CLOSED;
    private long era;
    private int probesLeft;
    private final FailureRun run = new FailureRun();
    private int longestRun;
    private final LatestOfTwo answers = new LatestOfTwo();
    private final LatestOfTwo failures = new LatestOfTwo();
    private String lastToFail = "";
    private Instant failedAt = Instant.EPOCH;
    private int inFlight;
    /** Of those in flight, the ones that began in the state that it is in. */
    private int current;

    /** @param all what the ramp leads to: the calls that the target gets at once */
    Breaker(String target, BreakerConfig config, int all, InstantSource clock) {
        this.config = config;
        this.ramp = new RampUp(config.probes(), all, config.rampUp());
        this.circuit = CircuitBreaker.of(target, settings(config, clock));
    }

    private CircuitBreakerConfig settings(BreakerConfig config, InstantSource clock) {
        Duration longest =
                config.longestProbe().compareTo(config.openFor()) > 0 ? config.longestProbe() : config.openFor();
        return CircuitBreakerConfig.custom()
                .clock(new ForwardClock(clock).withZone(ZoneOffset.UTC))
                // While closed we ask for the rate ourselves; of the probes it wants as many as there are, all the
                // same.
                .slidingWindow(
                        Math.toIntExact(config.window().toSeconds()), Integer.MAX_VALUE, SlidingWindowType.TIME_BASED)
                .failureRateThreshold(config.failureRatePercent())
                .transitionOnResult(
                        result -> (longestRun >= config.consecutiveFailures() || isRateReached()) && concernsAll()
                                ? TransitionCheckResult.transitionToOpenAndWaitFor(config.openFor())
                                : TransitionCheckResult.noTransition())
                .waitDurationInOpenState(config.openFor())
                .permittedNumberOfCallsInHalfOpenState(config.probes())
                .maxWaitDurationInHalfOpenState(longest.multipliedBy(BACKSTOP))
                .build();
    }

    /**
     * Calls that still run count as if they would be answered: failures may be quick and answers slow, and then there are
     * only failures at first.
     */
    private boolean isRateReached() {
        CircuitBreaker.Metrics metrics = circuit.getMetrics();
        long ended = metrics.getNumberOfBufferedCalls();
        return ended >= MINIMUM_CALLS
                && metrics.getNumberOfFailedCalls() * 100L >= config.failureRatePercent() * (ended + current);
    }

    /**
     * What one tenant asks may take longer than the target has, or make it fail. Its failures alone say nothing about others
     * while another tenant is answered.
     */
    private boolean concernsAll() {
        Instant recently = failedAt.minus(config.window());
        return failures.happenedToAnother(lastToFail, recently) || !answers.happenedToAnother(lastToFail, recently);
    }

    /** @param tenant whose call is to go; null for that of any */
    synchronized Availability look(@Nullable String tenant, Instant now) {
        failHungProbes(now);
        suspects.seen(tenant, now);
        Instant until = opensFor(tenant, now);
        if (now.isBefore(until)) {
            return new Availability.ClosedUntil(until);
        }
        return switch (known) {
            case OPEN -> room(open.isOver(now) || current < config.probes());
            case HALF_OPEN -> room(probesLeft > 0);
            default -> room(inFlight < ramp.limit(now));
        };
    }

    private Instant opensFor(@Nullable String tenant, Instant now) {
        Duration turn = suspects.turn(tenant, now);
        return switch (known) {
            case OPEN ->
                suspects.mayTry(tenant, now) ? Instant.EPOCH : open.until().plus(turn);
            case HALF_OPEN -> turn.isZero() ? Instant.EPOCH : open.until().plus(turn);
            default -> suspects.keptOutUntil(tenant);
        };
    }

    private static Availability room(boolean isThere) {
        return isThere ? new Availability.Open() : new Availability.Busy();
    }

    /** Gives the permission that {@link #look} found. */
    synchronized Permission take(String tenant, Instant now) {
        if (known == CircuitBreaker.State.OPEN && open.isOver(now)) {
            circuit.transitionToHalfOpenState();
            noteState(now);
        }
        Permission permission = new Permission(tenant, era, run.begins(), now);
        if (known == CircuitBreaker.State.HALF_OPEN) {
            circuit.tryAcquirePermission();
            probesLeft--;
            probes.add(permission);
        }
        inFlight++;
        current++;
        return permission;
    }

    /** Its request gives the attempt more time than others have: that it takes long says nothing about the target. */
    synchronized void mayTakeLong(Permission permission) {
        permission.patient = true;
    }

    synchronized void ended(Permission permission, Verdict verdict, Instant now) {
        inFlight--;
        failHungProbes(now);
        boolean probe = probes.remove(permission);
        boolean counted = known == CircuitBreaker.State.HALF_OPEN && !probe;
        current -= permission.era == era ? 1 : 0;
        if (permission.era != era || counted) {
            return;
        }
        switch (verdict) {
            case SUCCESS -> succeeded(permission, now);
            case FAILURE -> failed(permission, now);
            case NEUTRAL -> {
                skipped(permission);
                probesLeft += probe ? 1 : 0;
            }
        }
        noteState(now);
    }

    private void succeeded(Permission permission, Instant now) {
        answers.happened(permission.tenant, now);
        run.succeeded();
        longestRun = 0;
        if (known != CircuitBreaker.State.CLOSED && suspects.areProvedBy(permission.tenant)) {
            circuit.transitionToClosedState();
        } else {
            circuit.onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    private void skipped(Permission permission) {
        run.skip(permission.number);
        circuit.releasePermission();
    }

    private void failed(Permission permission, Instant now) {
        failures.happened(permission.tenant, now);
        lastToFail = permission.tenant;
        failedAt = now;
        // Probes are no run: Resilience4j looks for one after the last of them has closed it.
        if (known == CircuitBreaker.State.CLOSED) {
            longestRun = Math.max(longestRun, run.failed(permission.number));
            lastFailed.addLast(permission.tenant);
            if (lastFailed.size() > Math.min(LAST_FAILURES, config.consecutiveFailures())) {
                lastFailed.removeFirst();
            }
        } else {
            suspects.failed(permission.tenant);
        }
        circuit.onError(0, TimeUnit.NANOSECONDS, new TargetFailed());
    }

    /** How they end later does not count. */
    private void failHungProbes(Instant now) {
        noteState(now);
        // Probes are in the order in which they began. The last one to fail changes the state, which clears them.
        while (!probes.isEmpty() && !now.isBefore(probes.getFirst().since.plus(config.longestProbe()))) {
            hung(probes.removeFirst(), now);
            noteState(now);
        }
    }

    private void hung(Permission probe, Instant now) {
        if (probe.patient) {
            skipped(probe);
            probesLeft++;
        } else {
            failed(probe, now);
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
        longestRun = 0;
        current = 0;
        probesLeft = config.probes();
        if (state == CircuitBreaker.State.OPEN) {
            open.extend(now.plus(config.openFor()), now);
            suspects.closedIt(lastFailed);
            lastFailed.clear();
        } else if (state == CircuitBreaker.State.CLOSED) {
            ramp.begin(now);
            suspects.opened(open.until());
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
