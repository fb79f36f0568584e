package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.BREAKER;
import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that want to enter at the same moment, when only so many may. */
class StackRaceTest {

    private static final int THREADS = 4;
    private static final int RACES = 3_000;
    private static final String MINI = "mini";

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final CyclicBarrier start = new CyclicBarrier(THREADS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** All threads enter at once; what got in is cancelled afterwards. */
    private int race(StackFixture stack) throws Exception {
        Instant now = stack.clock.instant();
        List<Future<Entry>> entries = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            entries.add(threads.submit(() -> {
                start.await();
                return stack.targets.enter(MINI, 0, "", 1, now);
            }));
        }
        List<Lease> leases = new ArrayList<>();
        for (Future<Entry> entry : entries) {
            if (entry.get() instanceof Entry.Entered entered) {
                leases.add(entered.lease());
            }
        }
        leases.forEach(Lease::cancel);
        return leases.size();
    }

    /** While one target lets a call in, another of the account has to wait for it: else both would be the one trial. */
    @Test
    void shouldLetOneCallOfAnAccountTryAfterAClosing() {
        // Given
        FakeClock clock = new FakeClock();
        RateGate account = new RateGate(0, 0, Duration.ofSeconds(30));
        Target http = new HttpTarget("big", provider(Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(1))));
        Target big = gate(http, account, clock);
        if (big.enter("", 1, clock.instant()) instanceof Entry.Entered entered) {
            StackFixture.call(entered.lease());
        }
        clock.after(Duration.ofSeconds(1));
        Rival rival = new Rival(big, clock);

        // When
        Entry entry = gate(rival, account, clock).enter("", 1, clock.instant());

        // Then
        assertThat(entry).isInstanceOf(Entry.Entered.class);
        assertThat(rival.entry()).isEqualTo(new Entry.NotNow(new Availability.Busy()));
    }

    private static Target gate(Target next, RateGate account, FakeClock clock) {
        return new RateGateTarget(next, account, Duration.ofSeconds(30), clock, TargetListener.NONE);
    }

    private static Provider provider(ProviderReply reply) {
        return new Provider() {
            @Override
            public ProviderReply call(ProviderCall call) {
                return reply;
            }

            @Override
            public void close() {}
        };
    }

    /** A target in the midst of whose entry another thread wants to enter another target, as far as it gets. */
    private static final class Rival implements Target {

        private final FutureTask<Entry> attempt;

        Rival(Target other, FakeClock clock) {
            this.attempt = new FutureTask<>(() -> other.enter("", 1, clock.instant()));
        }

        @Override
        public String name() {
            return "mini";
        }

        @Override
        public Availability look(@Nullable String tenant, Instant now) {
            return new Availability.Open();
        }

        @Override
        public Entry enter(String tenant, long tokens, Instant now) {
            Thread thread = Thread.ofPlatform().start(attempt);
            while (thread.getState() != Thread.State.BLOCKED && thread.isAlive()) {
                Thread.onSpinWait();
            }
            return new HttpTarget(name(), provider(Replies.answered())).enter(tenant, tokens, now);
        }

        Entry entry() {
            try {
                return attempt.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void shouldLetNoMoreProbesThroughThanThereAre() throws Exception {
        // Given
        StackFixture stack = new StackFixture(target(MINI));
        stack.attempts(BREAKER.consecutiveFailures(), MINI, Replies.failed(FailureClass.TRANSIENT));
        stack.clock.after(BREAKER.openFor());

        // When / Then
        for (int i = 0; i < RACES; i++) {
            assertThat(race(stack)).isEqualTo(BREAKER.probes());
        }
    }

    @Test
    void shouldGiveNoMorePlacesThanThereAre() throws Exception {
        // Given
        StackFixture stack = new StackFixture(target(MINI, "account", 0, 0, 2));

        // When / Then
        for (int i = 0; i < RACES; i++) {
            assertThat(race(stack)).isEqualTo(2);
        }
    }
}
