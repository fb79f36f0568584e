package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.RetryConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.StackRules.Flight;
import dev.penstock.provider.Weather.Spell;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One random history: calls with chains and deadlines, providers with good and bad times, and a runner that does what the
 * attempt plan says. Time is fake and nothing runs at the same time, so a seed always gives the same history.
 */
final class StackSimulation {

    private static final Instant START = FakeClock.START;
    private static final Duration LONGEST_RECOVERY = Duration.ofHours(1);

    private record Event(Instant at, long order, Runnable what) {}

    /** A call on its way. */
    private final class Journey {
        private final List<String> chain;
        private final Instant deadline;
        private final long tokens;
        private Attempts attempts = Attempts.NONE;
        private boolean ended;

        Journey(List<String> chain, Instant deadline, long tokens) {
            this.chain = chain;
            this.deadline = deadline;
            this.tokens = tokens;
        }

        void ask(@Nullable FailureClass failure) {
            Instant now = clock.instant();
            List<TargetView> views = targets.look(chain, 0, "", now);
            double luck = random.nextDouble();
            Step step = failure == null
                    ? plan.next(attempts, views, deadline, now, luck)
                    : plan.afterFailure(failure, attempts, views, deadline, now, luck);
            rules.planned(step, attempts, deadline, now);
            follow(step, now);
        }

        private void follow(Step step, Instant now) {
            switch (step) {
                case Step.GiveUp end -> ended = true;
                case Step.Try attempt -> at(attempt.notBefore(), () -> enter(attempt.target()));
                case Step.Park park -> park(park, now);
            }
        }

        private void park(Step.Park park, Instant now) {
            attempts = park.endsRound() ? attempts.nextRound() : attempts;
            if (!now.isBefore(deadline)) {
                ended = true;
            } else if (park.reason() == Step.Reason.BUSY) {
                waiting.addLast(this);
                at(deadline, () -> expire());
            } else {
                at(park.due(), () -> ask(null));
            }
        }

        private void expire() {
            if (waiting.remove(this)) {
                ended = true;
            }
        }

        private void enter(String target) {
            Instant now = clock.instant();
            switch (targets.enter(target, 0, "", tokens, now)) {
                case Entry.NotNow notNow -> ask(null);
                case Entry.Entered entered ->
                    fly(entered.lease(), target, rules.entered(config(target), deadline, now), now);
            }
        }

        private void fly(Lease lease, String target, Flight flight, Instant now) {
            int chance = random.nextInt(100);
            if (chance < 3) {
                at(now.plusMillis(random.nextInt(50)), () -> cancel(lease, flight));
                return;
            }
            Weather.Fate fate = Objects.requireNonNull(weather.get(target)).fate(now);
            at(now.plus(fate.latency()), () -> {
                if (chance < 6) {
                    interrupt(lease, flight);
                } else {
                    land(lease, target, flight, fate.reply());
                }
            });
        }

        private void cancel(Lease lease, Flight flight) {
            rules.cancelled(flight, clock.instant());
            lease.cancel();
            ask(null);
            wake();
        }

        /** The instance that made the call shut down; another takes it over. */
        private void interrupt(Lease lease, Flight flight) {
            rules.lost(flight, clock.instant());
            reply = null;
            try {
                lease.call(StackFixture.call());
            } catch (InterruptedException expected) {
                ask(null);
            }
            wake();
        }

        private void land(Lease lease, String target, Flight flight, ProviderReply how) {
            rules.ends(flight, how, clock.instant());
            reply = how;
            switch (StackFixture.call(lease)) {
                case ProviderReply.Answered answered -> ended = true;
                case ProviderReply.Failed failed -> {
                    attempts = attempts.failed(target, failed.possiblyBilled(), failed.retryAfter(), clock.instant());
                    ask(failed.failureClass());
                }
            }
            wake();
        }
    }

    private final Random random;
    private final FakeClock clock = new FakeClock();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private final Map<String, Weather> weather = new HashMap<>();
    private final List<Journey> journeys = new ArrayList<>();
    private final Deque<Journey> waiting = new ArrayDeque<>();
    private final List<TargetConfig> configs;
    private final BreakerConfig breaker;
    private final StackRules rules;
    private final Targets targets;
    private final AttemptPlan plan;
    private @Nullable ProviderReply reply;
    private long order;

    StackSimulation(long seed) {
        this.random = new Random(seed);
        this.configs = targetConfigs();
        this.breaker = breakerConfig();
        RetryConfig retry = retryConfig();
        this.rules = new StackRules(configs, breaker, retry);
        this.targets = new Targets(configs, breaker, config -> provider(), new SimpleMeterRegistry(), clock, rules);
        this.plan = new AttemptPlan(retry, new RetryBudget(retry.budgetPercent(), retry.budgetFloor()));
    }

    private int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    private Duration upTo(int leastMillis, int mostMillis) {
        return Duration.ofMillis(between(leastMillis, mostMillis));
    }

    private List<TargetConfig> targetConfigs() {
        int quotas = between(1, 3);
        int[] rpm =
                random.ints(quotas, -20, 30).map(limit -> Math.max(0, limit)).toArray();
        List<TargetConfig> all = new ArrayList<>();
        for (int i = between(1, 4); i > 0; i--) {
            int quota = random.nextInt(quotas);
            int tpm = random.nextInt(3) == 0 ? between(10_000, 200_000) : 0;
            all.add(StackFixture.target("t" + i, "q" + quota, rpm[quota], tpm, between(1, 12)));
        }
        return all;
    }

    private TargetConfig config(String name) {
        return configs.stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private BreakerConfig breakerConfig() {
        return new BreakerConfig(
                between(1, 6),
                between(20, 100),
                Duration.ofSeconds(between(2, 120)),
                upTo(5_000, 60_000),
                between(1, 4),
                upTo(3_000, 40_000),
                upTo(0, 30_000));
    }

    private RetryConfig retryConfig() {
        return new RetryConfig(
                between(1, 3),
                upTo(10, 1_000),
                upTo(1_000, 20_000),
                between(0, 20),
                between(0, 5),
                upTo(500, 10_000),
                upTo(1_000, 15_000),
                upTo(15_000, 120_000),
                between(1, 6));
    }

    private Provider provider() {
        return new Provider() {
            @Override
            public ProviderReply call(ProviderCall call) throws InterruptedException {
                if (reply == null) {
                    throw new InterruptedException();
                }
                return reply;
            }

            @Override
            public void close() {}
        };
    }

    private void at(Instant time, Runnable what) {
        events.add(new Event(time, order++, what));
    }

    /** Something returned: those that found no room are asked again, in the order in which they came. */
    private void wake() {
        List<Journey> asked = List.copyOf(waiting);
        waiting.clear();
        asked.forEach(journey -> journey.ask(null));
    }

    void run() {
        Instant fairFrom = START.plus(upTo(10_000, 400_000));
        List<Spell> spells = random.nextInt(5) == 0
                ? List.of(Spell.THROTTLING)
                : List.of(Spell.values()).subList(1, Spell.values().length);
        for (TargetConfig config : configs) {
            weather.put(config.name(), new Weather(random, START, fairFrom, spells));
        }
        int spread = random.nextInt(4) == 0 ? 20_000 : 300_000;
        for (int i = between(5, 40); i > 0; i--) {
            depart(START.plus(upTo(0, spread)));
        }
        while (!events.isEmpty()) {
            Event event = events.remove();
            clock.set(event.at());
            event.what().run();
            rules.check(targets, event.at());
        }
        assertThat(journeys).as("calls that have come to an end").allMatch(journey -> journey.ended);
        recover(clock.instant().isBefore(fairFrom) ? fairFrom : clock.instant());
    }

    private void depart(Instant when) {
        List<String> chain = new ArrayList<>(targets.names());
        Collections.shuffle(chain, random);
        Journey journey = new Journey(
                chain.subList(0, between(1, chain.size())), when.plus(upTo(1_000, 900_000)), between(1, 3_000));
        journeys.add(journey);
        at(when, () -> journey.ask(null));
    }

    /** After the last call each target that is not well is asked every second, and all must come to take all calls again. */
    private void recover(Instant from) {
        Instant now = from;
        while (!targets.look(now).stream().allMatch(StackSimulation::isWell)) {
            assertThat(Duration.between(from, now))
                    .as("time to recover, with %s and %s: %s", breaker, configs, targets.look(now))
                    .isLessThan(LONGEST_RECOVERY);
            clock.set(now);
            List<TargetView> unwell = new ArrayList<>(targets.look(now));
            unwell.removeIf(StackSimulation::isWell);
            Collections.shuffle(unwell, random);
            unwell.forEach(target -> ask(target.name()));
            rules.check(targets, now);
            now = now.plusSeconds(1);
        }
    }

    private void ask(String target) {
        if (targets.enter(target, 0, "", 1, clock.instant()) instanceof Entry.Entered entered) {
            ProviderReply answer = Replies.answered();
            rules.ends(rules.entered(config(target), Instant.MAX, clock.instant()), answer, clock.instant());
            reply = answer;
            StackFixture.call(entered.lease());
        }
    }

    private static boolean isWell(TargetView view) {
        return view.availability().isOpen()
                && view.breaker().equals("closed")
                && view.gate().equals("open");
    }
}
