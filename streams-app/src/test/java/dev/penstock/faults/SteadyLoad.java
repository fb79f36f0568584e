package dev.penstock.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Sends a round of requests at a steady pace, from a thread of its own, until it is stopped. */
final class SteadyLoad implements AutoCloseable {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("steady-load").factory());
    private final AtomicInteger rounds = new AtomicInteger();

    private SteadyLoad() {}

    /** @param lines what is sent in the round of that number, from 0 on */
    @SuppressWarnings("FutureReturnValueIgnored") // a round that fails is the last one, and awaitRounds fails
    static SteadyLoad start(RequestSender sender, Duration pace, IntFunction<List<Workload.Line>> lines) {
        SteadyLoad load = new SteadyLoad();
        load.executor.scheduleAtFixedRate(
                () -> {
                    sender.send(lines.apply(load.rounds.get()));
                    load.rounds.incrementAndGet();
                },
                0,
                pace.toMillis(),
                TimeUnit.MILLISECONDS);
        return load;
    }

    /** Returns when as many more rounds have been sent. */
    void awaitRounds(int more) {
        int enough = rounds.get() + more;
        await().atMost(Limits.WORK).until(() -> rounds.get() >= enough);
    }

    /** @return how many rounds there were */
    int stop() {
        close();
        return rounds.get();
    }

    /** Waits for the round that is under way. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(Limits.START.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("load: still sending after " + Limits.START + " (expected: stopped)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
