package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code batch status}. */
@Command(
        name = "batch",
        description = "Tells of what was imported.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(status)")
final class BatchCommand {

    @Command(
            name = "status",
            description =
                    "State and counts of a batch, under OpenAI's names. Exit code 0 whatever the state, 1 if more was signed than the batch has lines.",
            mixinStandardHelpOptions = true)
    int status(
            @Parameters(paramLabel = "ID", description = "As penstock import printed it.") String id,
            @Option(names = "-o", paramLabel = "json|table", defaultValue = "json", description = "Default: json.")
                    OutputForm form,
            @Mixin ClientOptions options)
            throws CommandFailure, InterruptedException {
        BatchId batch = BatchId.read(id);
        PenstockConfig config = options.load();
        Topics topics = new Topics(config.topics().prefix());
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(topics.requests(), topics.results(), topics.deadLetters()));
        BatchCount count = count(clients, topics, batch);
        count.warn(System.err);
        switch (form) {
            case JSON -> System.out.println(JsonLine.of(count.json()));
            case TABLE -> System.out.print(count.table());
        }
        count.requireNoMore();
        return 0;
    }

    private static BatchCount count(KafkaClients clients, Topics topics, BatchId batch) throws CommandFailure {
        BatchCount count = new BatchCount(batch);
        try (BatchReader reader = new BatchReader(clients, topics, batch, count)) {
            do {
                reader.next();
            } while (!reader.caughtUp());
        }
        return count;
    }
}
