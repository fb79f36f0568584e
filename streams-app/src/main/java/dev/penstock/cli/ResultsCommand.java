package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code results}: what was answered. */
@Command(
        name = "results",
        description = {
            "Prints results as JSON lines, as they stand on the topic (read committed).",
            "Characters that a terminal might obey are written as JSON escapes, which is the same text to a program."
        },
        mixinStandardHelpOptions = true)
final class ResultsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BUFFER_BYTES = 64 * 1024;

    @Option(names = "--follow", description = "Keep reading as new ones come, until interrupted.")
    private boolean follow;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "json", description = "Form. Default: json.")
    private OutputForm form = OutputForm.JSON;

    @ArgGroup
    private @Nullable StartOption start;

    @Mixin
    private ClientOptions options = new ClientOptions();

    /** Where to begin; without it, with the oldest. */
    static final class StartOption {
        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "Only from then on: 10m ago, or a time in RFC 3339.")
        private @Nullable String since;

        @Option(names = "--from-now", description = "Only new ones; with --follow.")
        private boolean fromNow;

        TopicReader.Start start() throws CommandFailure {
            if (since != null) {
                return new TopicReader.Since(SinceText.read(since, Instant.now()));
            }
            return fromNow ? new TopicReader.End() : new TopicReader.Beginning();
        }
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (start != null && start.fromNow && !follow) {
            throw CommandFailure.usage("--from-now: without --follow (expected: both; there is nothing new yet)");
        }
        PenstockConfig config = options.load();
        TopicReader.Start from = start == null ? new TopicReader.Beginning() : start.start();
        KafkaClients clients = new KafkaClients(config);
        List<String> topics = List.of(new Topics(config.topics().prefix()).results());
        clients.require(topics);
        PrintStream out =
                new PrintStream(new BufferedOutputStream(System.out, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        if (form == OutputForm.TABLE) {
            out.println(ResultRow.HEADER);
        }
        try (TopicReader reader = new TopicReader(clients, topics, from)) {
            do {
                for (ConsumerRecord<byte[], byte[]> result : reader.poll(POLL)) {
                    print(result, out);
                }
            } while (flushed(out) && (follow || !reader.caughtUp()));
        }
        return 0;
    }

    private void print(ConsumerRecord<byte[], byte[]> result, PrintStream out) {
        switch (form) {
            case JSON -> out.println(JsonLine.of(result.value()));
            case TABLE -> out.println(ResultRow.of(result.value()));
        }
    }

    /** False once nobody reads any more: {@code penstock results | head} ends. */
    private static boolean flushed(PrintStream out) {
        out.flush();
        return !out.checkError() && !System.out.checkError();
    }
}
