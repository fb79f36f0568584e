package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many threads at once: no limit is exceeded, and everything comes back. Time goes on a little each time it is read. */
class StackConcurrencyTest {

    private static final int THREADS = 32;
    private static final int ROUNDS = 2_000;
    private static final int LIMIT = 8;
    private static final List<TargetConfig> CONFIGS =
            List.of(target("a", "account", 0, 0, LIMIT), target("b", "account", 0, 0, LIMIT));
    private static final BreakerConfig BREAKER = new BreakerConfig(
            5, 50, Duration.ofSeconds(20), Duration.ofMillis(50), 2, Duration.ofMillis(50), Duration.ofMillis(50));

    /** 20 µs a reading. */
    private static final class ReadingClock implements InstantSource {
        private final AtomicLong readings = new AtomicLong();

        @Override
        public Instant instant() {
            return FakeClock.START.plusNanos(20_000 * readings.incrementAndGet());
        }
    }

    private final InstantSource clock = new ReadingClock();
    private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadLocal<SplittableRandom> random = ThreadLocal.withInitial(SplittableRandom::new);
    private final Targets targets =
            new Targets(CONFIGS, BREAKER, this::provider, new SimpleMeterRegistry(), clock, TargetListener.NONE);

    private Provider provider(TargetConfig config) {
        AtomicInteger here = inside.computeIfAbsent(config.name(), name -> new AtomicInteger());
        return new Provider() {
            @Override
            public ProviderReply call(ProviderCall call) throws InterruptedException {
                made.incrementAndGet();
                most.accumulateAndGet(here.incrementAndGet(), Math::max);
                spin();
                here.decrementAndGet();
                return reply();
            }

            @Override
            public void close() {}
        };
    }

    /** Long enough for others to get in between. */
    private static void spin() {
        for (int i = 0; i < 200; i++) {
            Thread.onSpinWait();
        }
    }

    private ProviderReply reply() throws InterruptedException {
        int chance = random.get().nextInt(1_000);
        if (chance < 20) {
            throw new InterruptedException();
        }
        if (chance < 40) {
            throw new IllegalStateException("a mistake of ours");
        }
        if (chance < 250) {
            return Replies.failed(FailureClass.UNKNOWN);
        }
        return chance < 251 ? Replies.failed(FailureClass.THROTTLED, Duration.ZERO) : Replies.answered();
    }

    private void use(String target) {
        if (!(targets.enter(target, 0, "", 1, clock.instant()) instanceof Entry.Entered entered)) {
            spin();
            return;
        }
        if (random.get().nextInt(10) == 0) {
            entered.lease().cancel();
            return;
        }
        try {
            entered.lease().call(StackFixture.call());
        } catch (InterruptedException | IllegalStateException expected) {
            spin();
        }
    }

    @Test
    void shouldExceedNoLimitAndLoseNoPermitUnderManyThreads() throws InterruptedException {
        // Given
        CountDownLatch done = new CountDownLatch(THREADS);

        // When
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    use(CONFIGS.get(round % 2).name());
                    targets.look(clock.instant());
                }
                done.countDown();
            });
        }
        done.await();

        // Then

        assertThat(made.get()).isGreaterThan(1_000);
        assertThat(most.get()).isBetween(2, LIMIT);
        for (TargetConfig config : CONFIGS) {
            ProviderStack stack = targets.stack(config.name());
            assertThat(stack.concurrency().inUse()).isZero();
            assertThat(stack.breaker().inFlight()).isZero();
        }
    }
}
