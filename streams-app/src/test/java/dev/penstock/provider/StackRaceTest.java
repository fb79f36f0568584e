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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that want to enter at the same moment, when only so many may. */
class StackRaceTest {

    private static final int THREADS = 4;
    private static final int RACES = 3_000;
    private static final String[] NAMES = {"mini", "big"};

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final CyclicBarrier start = new CyclicBarrier(THREADS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** All threads enter at once; what got in is cancelled afterwards. */
    private int race(StackFixture stack, String... names) throws Exception {
        Instant now = stack.clock.instant();
        List<Future<Entry>> entries = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String name = names[i % names.length];
            entries.add(threads.submit(() -> {
                start.await();
                return stack.targets.enter(name, 1, now);
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

    @Test
    void shouldLetOneCallOfAnAccountTryAfterAClosing() throws Exception {
        // Given
        StackFixture stack =
                new StackFixture(target(NAMES[0], "account", 0, 0, 100), target(NAMES[1], "account", 0, 0, 100));
        stack.attempt(NAMES[0], Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(1)));
        stack.clock.after(Duration.ofSeconds(1));

        // When / Then
        for (int i = 0; i < RACES; i++) {
            assertThat(race(stack, NAMES)).isEqualTo(1);
        }
    }

    @Test
    void shouldLetNoMoreProbesThroughThanThereAre() throws Exception {
        // Given
        StackFixture stack = new StackFixture(target(NAMES[0]));
        stack.attempts(BREAKER.consecutiveFailures(), NAMES[0], Replies.failed(FailureClass.TRANSIENT));
        stack.clock.after(BREAKER.openFor());

        // When / Then
        for (int i = 0; i < RACES; i++) {
            assertThat(race(stack, NAMES[0])).isEqualTo(BREAKER.probes());
        }
    }

    @Test
    void shouldGiveNoMorePlacesThanThereAre() throws Exception {
        // Given
        StackFixture stack = new StackFixture(target(NAMES[0], "account", 0, 0, 2));

        // When / Then
        for (int i = 0; i < RACES; i++) {
            assertThat(race(stack, NAMES[0])).isEqualTo(2);
        }
    }
}
