package dev.penstock.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** From SIGKILL to the first new result, with as many idempotency entries of state as there were requests before. */
public final class RestartBench {

    private static final String PROGRAM = "dev.penstock.cli.Main";
    private static final int OUTSTANDING = 20_000;

    private final BenchSettings settings;
    private final Consumer<String> progress;

    /** @param progress is told, in a line each, what is being done */
    public RestartBench(BenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What a run measured.
     *
     * @param entries idempotency entries of state at the kill
     * @param restartMs from SIGKILL to the first new result readable
     */
    public record Report(
            int entries, @JsonProperty("restart_ms") long restartMs) {}

    /** Runs once; broker, provider and pipeline are processes of their own. */
    public Report run() throws Exception {
        Path directory = Files.createTempDirectory("penstock-bench");
        try (Surroundings around = Surroundings.start(true, settings.providerScript(), directory)) {
            List<String> sets = BenchConfig.sets(settings, around, directory.resolve("state"));
            PenstockConfig config = PenstockConfig.of(sets.toArray(String[]::new));
            Bench.createTopics(config);
            return measure(around, new Topics(config.topics().prefix()), sets);
        } finally {
            Bench.delete(directory);
        }
    }

    private Report measure(Surroundings around, Topics topics, List<String> sets) throws Exception {
        int entries = settings.requests();
        long[] sentAt = new long[entries + 1];
        long[] readAt = new long[entries + 1];
        Semaphore outstanding = new Semaphore(OUTSTANDING);
        Process first = startApp(sets);
        try (ResultReader reader = new ResultReader(
                        around.bootstrapServers(), topics.results(), topics.deadLetters(), readAt, outstanding);
                Load load = new Load(around.bootstrapServers(), topics.requests(), settings, sentAt, outstanding)) {
            progress.accept("making " + entries + " entries of state");
            load.send(0, entries);
            reader.awaitResults(entries);
            progress.accept("SIGKILL, and again");
            long killed = System.nanoTime();
            first.destroyForcibly().waitFor();
            load.send(entries, entries + 1);
            Process second = startApp(sets);
            try {
                reader.awaitResults(entries + 1);
                return new Report(entries, TimeUnit.NANOSECONDS.toMillis(readAt[entries] - killed));
            } finally {
                end(second);
            }
        } finally {
            end(first);
        }
    }

    private static Process startApp(List<String> sets) throws IOException {
        List<String> arguments = Stream.concat(Stream.of("run"), sets.stream().flatMap(set -> Stream.of("--set", set)))
                .toList();
        return new ProcessBuilder(ChildJvm.command(PROGRAM, arguments))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
