package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.deadletters.DeadLetter;
import dev.penstock.pipeline.Topics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters list}: one line for each, without the requests themselves. */
@Command(
        name = "list",
        description = "Prints one line for each dead letter: why and where, not the request itself.",
        mixinStandardHelpOptions = true)
final class DeadLettersListCommand implements Callable<Integer> {

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "json", description = "Form. Default: json.")
    private OutputForm form = OutputForm.JSON;

    @Mixin
    private DeadLetterSelectors selectors = new DeadLetterSelectors();

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var selection = selectors.selection(Instant.now());
        PenstockConfig config = options.load();
        String topic = new Topics(config.topics().prefix()).deadLetters();
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(topic));
        LinePrinter out = new LinePrinter();
        if (form == OutputForm.TABLE) {
            out.line(DeadLetterText.HEADER);
        }
        try (DeadLetterScan scan = new DeadLetterScan(clients, topic, selection)) {
            do {
                for (DeadLetter letter : scan.next()) {
                    out.line(text(letter));
                }
            } while (out.flushed() && !scan.isDone());
        }
        return 0;
    }

    private String text(DeadLetter letter) {
        return switch (form) {
            case JSON -> JsonLine.of(DeadLetterText.summary(letter));
            case TABLE -> DeadLetterText.row(letter);
        };
    }
}
