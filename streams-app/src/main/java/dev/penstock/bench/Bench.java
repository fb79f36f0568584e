package dev.penstock.bench;

import dev.penstock.PenstockApp;
import dev.penstock.config.KafkaTimeout;
import dev.penstock.config.PenstockConfig;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.pipeline.Topics;
import dev.penstock.provider.Provider;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.topics.TopicCreation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** One run: everything in one box, from the producer to the reader of results. */
public final class Bench {

    /** Requests on their way at once in a flood; enough to keep every part busy, few enough to end soon. */
    private static final int FLOOD_OUTSTANDING = 20_000;

    private static final long READY_CHECK_MILLIS = 50;
    /** Numbers kept free for the warm-up, whose length is time, not a count. */
    private static final int MOST_WARM_UP_REQUESTS = 2_000_000;

    private final BenchSettings settings;
    private final Consumer<String> progress;

    /** @param progress is told, in a line each, what is being done */
    public Bench(BenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Runs once. */
    public BenchReport run() throws Exception {
        Path directory = Files.createTempDirectory("penstock-bench");
        try (Surroundings around = Surroundings.start(settings.separate(), settings.providerScript(), directory)) {
            List<String> sets = BenchConfig.sets(settings, around, directory.resolve("state"));
            PenstockConfig config = PenstockConfig.of(sets.toArray(String[]::new));
            createTopics(config);
            Policies.write(config, settings.policies());
            long started = System.nanoTime();
            MeterRegistry meters = new SimpleMeterRegistry();
            try (PenstockApp app = PenstockApp.start(config, meters)) {
                while (!app.ready().ok()) {
                    TimeUnit.MILLISECONDS.sleep(READY_CHECK_MILLIS);
                }
                long startNanos = System.nanoTime() - started;
                if (!settings.soak()) {
                    return measure(config, around, startNanos);
                }
                try (SoakWatch watch = SoakWatch.start(config.instance().directory(), meters, progress)) {
                    return measure(config, around, startNanos);
                }
            }
        } finally {
            delete(directory);
        }
    }

    private BenchReport measure(PenstockConfig config, Surroundings around, long startNanos) throws Exception {
        String bootstrapServers = around.bootstrapServers();
        long[] sentAt = new long[MOST_WARM_UP_REQUESTS + settings.requests()];
        long[] readAt = new long[sentAt.length];
        Semaphore outstanding =
                new Semaphore(settings.ratePerSecond() == 0 ? FLOOD_OUTSTANDING : Integer.MAX_VALUE / 2);
        Topics topics = new Topics(config.topics().prefix());
        try (ResultReader reader = new ResultReader(
                        bootstrapServers, topics.results(), topics.deadLetters(), readAt, outstanding);
                Load load = new Load(bootstrapServers, topics.requests(), settings, sentAt, outstanding)) {
            int warm = warmUp(load, reader);
            progress.accept("measuring " + settings.requests() + " requests");
            long callsBefore = around.calls();
            double cpu = ProcessFigures.cpuSeconds();
            load.send(warm, warm + settings.requests());
            reader.await(warm + settings.requests());
            cpu = ProcessFigures.cpuSeconds() - cpu;
            long inFlightMax = around.mostOpenCalls();
            long calls = around.calls() - callsBefore;
            return report(warm, sentAt, readAt, cpu, calls, inFlightMax, raw(config), startNanos);
        }
    }

    private int warmUp(Load load, ResultReader reader) throws InterruptedException {
        progress.accept("warming up for " + settings.warmUp().toSeconds() + " s");
        long end = System.nanoTime() + settings.warmUp().toNanos();
        int batch = settings.ratePerSecond() == 0 ? 2_000 : Math.max(1, settings.ratePerSecond());
        int sent = 0;
        while (System.nanoTime() < end && sent + batch <= MOST_WARM_UP_REQUESTS) {
            load.send(sent, sent + batch);
            sent += batch;
        }
        reader.await(sent);
        return sent;
    }

    private BenchReport report(
            int warm,
            long[] sentAt,
            long[] readAt,
            double cpu,
            long calls,
            long inFlightMax,
            double rawCallsPerSecond,
            long startNanos) {
        int n = settings.requests();
        int[] answered = IntStream.range(warm, warm + n)
                .filter(number -> readAt[number] != 0)
                .toArray();
        long first = Arrays.stream(sentAt, warm, warm + n).min().orElse(0);
        long last = Arrays.stream(readAt, warm, warm + n).max().orElse(0);
        long[] added = Arrays.stream(answered)
                .mapToLong(number -> readAt[number]
                        - sentAt[number]
                        - settings.providerLatency().toNanos())
                .toArray();
        return new BenchReport(
                n,
                Math.floor(answered.length * 1e4 / n) / 100,
                Math.round(answered.length * 1e10 / (last - first)) / 10.0,
                Latencies.ofNanos(added),
                Math.round(calls * 1e3 / n) / 1e3,
                inFlightMax,
                rawCallsPerSecond,
                Math.round(cpu * 1e6 / n) / 1e3,
                ProcessFigures.maxRssMb(),
                Math.round(startNanos / 1e8) / 10.0);
    }

    /** Without the provider's latency: it would measure the number of callers. */
    private double raw(PenstockConfig config) throws Exception {
        progress.accept("measuring the HTTP client alone");
        try (FakeProvider fast = FakeProvider.start(FakeProviderSettings.defaults());
                Provider provider = new OpenAiProvider(
                        OpenAiSettings.of(fast.baseUrl(), null)
                                .withMaxConnections(config.provider().maxConnections()),
                        InstantSource.system())) {
            return RawCalls.perSecond(provider, settings.payloadBytes(), settings.warmUp());
        }
    }

    static void createTopics(PenstockConfig config) throws InterruptedException {
        try (Admin admin = Admin.create(KafkaTimeout.ofAdmin(config.kafka()))) {
            TopicCreation.Report report = TopicCreation.create(
                    admin,
                    new Topics(config.topics().prefix()).specs(config.topics()),
                    config.kafka().getOrDefault("bootstrap.servers", ""));
            if (!report.problems().isEmpty()) {
                throw new IllegalStateException(String.join("; ", report.problems()));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
