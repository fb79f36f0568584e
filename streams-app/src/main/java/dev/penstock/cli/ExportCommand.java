package dev.penstock.cli;

import dev.penstock.config.DurationText;
import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: what became of a batch, as the files that OpenAI hands out. */
@Command(
        name = "export",
        description = {
            "Writes ID_output.jsonl and, if any request failed, ID_error.jsonl.",
            "Exit code 1 if some requests have not ended; what has ended is written all the same."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    @Option(names = "--batch", required = true, paramLabel = "ID", description = "As penstock import printed it.")
    private String batch = "";

    @Option(names = "--to", paramLabel = "DIR", defaultValue = ".", description = "Where to. Default: here.")
    private Path directory = Path.of(".");

    @Option(names = "--wait", description = "Wait until every request has ended.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Wait no longer. Default: as long as it takes.")
    private @Nullable String timeout;

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        BatchId id = BatchId.read(batch);
        long until = System.nanoTime() + Math.min(patience().toNanos(), Long.MAX_VALUE / 4);
        PenstockConfig config = options.load();
        Topics topics = new Topics(config.topics().prefix());
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(topics.requests(), topics.results(), topics.deadLetters()));
        BatchCount count = new BatchCount(id);
        try {
            write(clients, topics, id, count, until);
        } catch (IOException unwritable) {
            throw CommandFailure.failed(directory + ": cannot be written to (expected: a directory with room)");
        }
        count.warn(System.err);
        count.requireNoMore();
        if (!count.isComplete()) {
            throw CommandFailure.failed(unfinished(id, count));
        }
        return 0;
    }

    private String unfinished(BatchId id, BatchCount count) {
        String missing = count.missing() == 0
                ? ""
                : ", " + count.missing() + " of them are not on the topic: not written, or no longer kept";
        return (id.lines() - count.ended()) + " of " + id.lines() + " requests have not ended yet"
                + (wait ? " within " + timeout : " (--wait waits for them)") + missing;
    }

    private void write(KafkaClients clients, Topics topics, BatchId id, BatchCount count, long until)
            throws CommandFailure, IOException {
        Progress progress = new Progress(System.err, "requests");
        try (BatchFile out = new BatchFile(directory.resolve(id + "_output.jsonl"));
                BatchReader reader = new BatchReader(clients, topics, id, count)) {
            do {
                for (BatchEnd.Answered answer : reader.next()) {
                    out.line(answer.line());
                }
                progress.at(count.ended(), (double) count.ended() / id.lines());
            } while (!count.isComplete() && (wait ? System.nanoTime() < until : !reader.caughtUp()));
            out.keep();
        }
        writeErrors(directory.resolve(id + "_error.jsonl"), count);
        progress.done(count.ended(), "exported");
    }

    private static void writeErrors(Path file, BatchCount count) throws CommandFailure, IOException {
        if (count.failures().isEmpty()) {
            BatchFile.remove(file);
            return;
        }
        try (BatchFile out = new BatchFile(file)) {
            for (BatchEnd.Failed failed : count.failures().values()) {
                out.line(failed.line());
            }
            out.keep();
        }
    }

    private Duration patience() throws CommandFailure {
        String text = timeout;
        if (text == null) {
            return FOR_EVER;
        }
        return DurationText.read(text)
                .orElseThrow(() -> CommandFailure.usage(
                        "--timeout: " + Cell.escaped(text, 40) + " (expected: a duration such as 10m)"));
    }
}
