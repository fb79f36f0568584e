package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.RetryConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What must hold in every simulated history. Keeps its own, simple account of what happened and asks the real targets only
 * for what it compares with it.
 */
final class StackRules implements TargetListener {

    /** An attempt from its entry to its end. */
    static final class Flight {
        private final TargetConfig target;
        private final Instant since;
        private final long closings;
        private final long order;
        private final long era;
        private boolean probe;
        private boolean hung;

        private Flight(TargetConfig target, Instant since, long closings, long order, long era) {
            this.target = target;
            this.since = since;
            this.closings = closings;
            this.order = order;
            this.era = era;
        }
    }

    /** What is known of an account. */
    private static final class Account {
        private Instant closedUntil = Instant.MIN;
        private long closings;
        private boolean oneAtATime;
        /** What entered before is no trial. */
        private long trialsFrom;

        private final Deque<Instant> entries = new ArrayDeque<>();
    }

    /** What is known of a target. */
    private static final class Known {
        private Instant keyRefusedUntil = Instant.MIN;
        private Instant openUntil = Instant.MIN;
        private String breaker = "closed";
        private Instant changedAt = Instant.MIN;
        private long era;
        /** Of attempts that began in the state that the breaker is in; probes that hang are failures. */
        private int failures;

        private int successes;
    }

    private final BreakerConfig breaker;
    private final RetryConfig retry;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Known> targets = new HashMap<>();
    private final Set<Flight> flights = new HashSet<>();
    private final List<Instant> calls = new ArrayList<>();
    private final List<Instant> retries = new ArrayList<>();
    private long order;

    StackRules(List<TargetConfig> configs, BreakerConfig breaker, RetryConfig retry) {
        this.breaker = breaker;
        this.retry = retry;
        for (TargetConfig config : configs) {
            accounts.put(config.quota(), new Account());
            targets.put(config.name(), new Known());
        }
    }

    private Account account(TargetConfig target) {
        return Objects.requireNonNull(accounts.get(target.quota()));
    }

    private Known known(String target) {
        return Objects.requireNonNull(targets.get(target));
    }

    /** A call was planned. */
    void planned(Step step, Attempts attempts, Instant deadline, Instant now) {
        switch (step) {
            case Step.GiveUp end -> {}
            case Step.Park park ->
                assertThat(park.due()).as("due").isBetween(now.isBefore(deadline) ? now : deadline, deadline);
            case Step.Try attempt -> tried(attempt, attempts, deadline, now);
        }
    }

    private void tried(Step.Try attempt, Attempts attempts, Instant deadline, Instant now) {
        assertThat(attempt.notBefore()).as("planned before the deadline").isBefore(deadline);
        assertThat(attempts.count(attempt.target())).as("attempts at a target").isLessThan(retry.attemptsPerTarget());
        assertThat(attempts.possiblyBilled()).as("billed attempts").isLessThan(retry.maxBilledAttempts());
        if (attempts.isFresh()) {
            calls.add(now);
        }
        if (attempt.kind() == Step.Kind.RETRY) {
            retries.add(now);
            long granted = retry.budgetFloor() + recent(calls, now) * retry.budgetPercent() / 100;
            assertThat(recent(retries, now)).as("retries in ten seconds").isLessThanOrEqualTo(granted);
        }
    }

    private static long recent(List<Instant> times, Instant now) {
        return times.stream()
                .filter(time -> time.getEpochSecond() > now.getEpochSecond() - 10)
                .count();
    }

    /** A call got in. */
    Flight entered(TargetConfig target, Instant deadline, Instant now) {
        Account account = account(target);
        assertThat(now).as("attempt before the deadline").isBefore(deadline);
        assertThat(now).as("attempt after the account reopened").isAfterOrEqualTo(account.closedUntil);
        assertThat(now).as("attempt after the key's minute").isAfterOrEqualTo(known(target.name()).keyRefusedUntil);
        assertThat(now).as("attempt after the breaker's time").isAfterOrEqualTo(known(target.name()).openUntil);
        rampHolds(target, now);
        Flight flight = new Flight(target, now, account.closings, order++, known(target.name()).era);
        if (account.oneAtATime) {
            assertThat(flights.stream()
                            .filter(other -> other.target.quota().equals(target.quota()))
                            .filter(other -> other.closings == account.closings)
                            .filter(other -> other.order >= account.trialsFrom)
                            .filter(other -> now.isBefore(other.since.plus(breaker.longestProbe()))))
                    .as("calls besides the trial after a closing")
                    .isEmpty();
        }
        flights.add(flight);
        if (known(target.name()).breaker.equals("half_open")) {
            flight.probe = true;
        }
        account.entries.addLast(now);
        rateHolds(target, account, now);
        return flight;
    }

    private void rampHolds(TargetConfig target, Instant now) {
        Known known = known(target.name());
        if (!known.breaker.equals("closed") || known.changedAt.equals(Instant.MIN)) {
            return;
        }
        double part = Math.min(
                1,
                Duration.between(known.changedAt, now).toMillis()
                        / (breaker.rampUp().toMillis() + 1.0));
        double most =
                Math.max(breaker.probes(), breaker.probes() + (target.maxConcurrency() - breaker.probes()) * part);
        long before =
                flights.stream().filter(other -> other.target.equals(target)).count();
        assertThat((double) before).as("calls at once during the ramp").isLessThanOrEqualTo(part < 1 ? most : before);
    }

    private static void rateHolds(TargetConfig target, Account account, Instant now) {
        while (account.entries.getFirst().isBefore(now.minusSeconds(60))) {
            account.entries.removeFirst();
        }
        if (target.rpmLimit() > 0) {
            double most = target.rpmLimit() + Math.max(1, target.rpmLimit() / 6.0);
            assertThat((double) account.entries.size())
                    .as("requests in a minute")
                    .isLessThanOrEqualTo(most + 1);
        }
    }

    void cancelled(Flight flight, Instant now) {
        findHung(flight.target.name(), now);
        flights.remove(flight);
        account(flight.target).entries.removeFirstOccurrence(flight.since);
    }

    /** The outcome of an attempt nobody will know. */
    void lost(Flight flight, Instant now) {
        findHung(flight.target.name(), now);
        flights.remove(flight);
    }

    /** To be told before the attempt ends, as the targets change then. */
    void ends(Flight flight, ProviderReply reply, Instant now) {
        findHung(flight.target.name(), now);
        flights.remove(flight);
        switch (reply) {
            case ProviderReply.Answered answered -> succeeded(flight);
            case ProviderReply.Failed failed -> failed(flight, failed, now);
        }
    }

    /** A probe that takes too long is a failed one, once. */
    private void findHung(String target, Instant now) {
        for (Flight flight : flights) {
            if (isProbeOf(flight, target) && !now.isBefore(flight.since.plus(breaker.longestProbe()))) {
                flight.probe = false;
                flight.hung = true;
                known(target).failures++;
            }
        }
    }

    private static boolean counts(Flight flight, Known known) {
        return flight.era == known.era && !flight.hung;
    }

    private void succeeded(Flight flight) {
        Known known = known(flight.target.name());
        known.successes += counts(flight, known) ? 1 : 0;
        Account account = account(flight.target);
        if (flight.closings == account.closings) {
            account.oneAtATime = false;
        }
    }

    private void failed(Flight flight, ProviderReply.Failed failed, Instant now) {
        Account account = account(flight.target);
        Known known = known(flight.target.name());
        switch (failed.failureClass()) {
            case PERMANENT -> succeeded(flight);
            case TRANSIENT, UNKNOWN -> known.failures += counts(flight, known) ? 1 : 0;
            case CREDENTIALS -> known.keyRefusedUntil = now.plusSeconds(60);
            case THROTTLED -> close(flight, account, wait(failed, Duration.ofSeconds(1)), now);
            case SPEND_CAPPED -> close(flight, account, wait(failed, Duration.ofMinutes(5)), now);
        }
    }

    private static Duration wait(ProviderReply.Failed failed, Duration unasked) {
        return failed.retryAfter() == null ? unasked : failed.retryAfter();
    }

    private void close(Flight flight, Account account, Duration wait, Instant now) {
        Instant until = now.plus(wait);
        account.closedUntil = until.isAfter(account.closedUntil) ? until : account.closedUntil;
        account.closings += flight.closings == account.closings ? 1 : 0;
        account.trialsFrom = account.oneAtATime ? account.trialsFrom : order;
        account.oneAtATime = true;
    }

    @Override
    public void breaker(String target, String from, String to, Instant at) {
        Known known = known(target);
        assertThat(from).as("state that a breaker leaves").isEqualTo(known.breaker);
        if (from.equals("closed")) {
            assertThat(known.failures)
                    .as("failures that open a breaker")
                    .isGreaterThanOrEqualTo(Math.min(breaker.consecutiveFailures(), rateOf(20)));
        }
        if (from.equals("half_open")) {
            findHung(target, at);
            assertThat(known.failures + known.successes).as("probes known").isEqualTo(breaker.probes());
            assertThat(to.equals("open"))
                    .as("open after %s of %s probes failed", known.failures, breaker.probes())
                    .isEqualTo(known.failures >= rateOf(breaker.probes()));
        }
        flights.forEach(flight -> flight.probe &= !flight.target.name().equals(target));
        known.breaker = to;
        known.changedAt = at;
        if (to.equals("open")) {
            known.openUntil = at.plus(breaker.openFor());
        }
        known.era++;
        known.failures = 0;
        known.successes = 0;
    }

    private int rateOf(int calls) {
        return (int) Math.ceil(calls * breaker.failureRatePercent() / 100.0);
    }

    private static boolean isProbeOf(Flight flight, String target) {
        return flight.probe && flight.target.name().equals(target);
    }

    @Override
    public void closed(String target, FailureClass why, Instant until, Instant at) {
        assertThat(until).as("end of a closing").isAfter(at);
    }

    /** At every step. */
    void check(Targets real, Instant now) {
        for (String name : real.names()) {
            TargetView view = real.look(List.of(name), 0, "", now).getFirst();
            long mine = flights.stream()
                    .filter(flight -> flight.target.name().equals(name))
                    .count();
            ProviderStack stack = real.stack(name);
            assertThat((long) stack.concurrency().inUse())
                    .as("places taken at " + name)
                    .isEqualTo(mine);
            assertThat((long) stack.breaker().inFlight())
                    .as("permissions out at " + name)
                    .isEqualTo(mine);
            assertThat(flights.stream().filter(flight -> isProbeOf(flight, name)))
                    .as("probes at " + name)
                    .hasSizeLessThanOrEqualTo(breaker.probes());
            findHung(name, now);
            Known known = known(name);
            assertThat(known.breaker.equals("half_open") ? known.failures + known.successes : 0)
                    .as("probes that ended and decided nothing at " + name)
                    .isLessThan(breaker.probes());
            if (view.availability() instanceof Availability.Busy) {
                assertThat(flights).as("something that may return to " + name).isNotEmpty();
            }
        }
    }
}
