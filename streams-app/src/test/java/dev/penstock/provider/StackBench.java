package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;

import dev.penstock.config.TargetConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Prints what the stack costs around a call that takes no time: nanoseconds of a look at a chain of two, of an entry that is
 * cancelled, and of an entry with its call. Arguments: threads, rounds.
 */
final class StackBench {

    private static final int REPEATS = 6;
    private static final List<String> CHAIN = List.of("mini", "haiku");

    private final InstantSource clock = InstantSource.system();
    private final ProviderCall call = StackFixture.call();
    private final Targets targets = new Targets(
            List.of(target("mini", "account", 100_000_000, 0, 1_000), target("haiku")),
            StackFixture.BREAKER,
            StackBench::provider,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock,
            TargetListener.NONE);

    private static Provider provider(TargetConfig config) {
        ProviderReply reply = Replies.answered();
        return new Provider() {
            @Override
            public ProviderReply call(ProviderCall call) {
                return reply;
            }

            @Override
            public void close() {}
        };
    }

    public static void main(String[] args) throws InterruptedException {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2_000_000;
        StackBench bench = new StackBench();
        for (int i = 0; i < REPEATS; i++) {
            measure("look", threads, rounds, bench::look);
            measure("enter and cancel", threads, rounds, bench::cancel);
            measure("enter and call", threads, rounds, bench::make);
        }
    }

    private static void measure(String what, int threads, int rounds, Runnable work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(threads);
        long begun = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().start(() -> {
                for (int round = 0; round < rounds; round++) {
                    work.run();
                }
                done.countDown();
            });
        }
        done.await();
        long nanos = (System.nanoTime() - begun) / rounds;
        System.out.printf("%-16s %d threads: %,d ns each%n", what, threads, nanos);
    }

    private void look() {
        targets.look(CHAIN, 0, "", clock.instant());
    }

    private Lease enter() {
        return switch (targets.enter("mini", 0, "", 100, clock.instant())) {
            case Entry.Entered entered -> entered.lease();
            case Entry.NotNow notNow -> throw new IllegalStateException("no room: " + notNow.why());
        };
    }

    private void cancel() {
        enter().cancel();
    }

    private void make() {
        try {
            enter().call(call);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
