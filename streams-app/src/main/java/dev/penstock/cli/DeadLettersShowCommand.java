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

/** {@code dead-letters show}: all of each, the request included. */
@Command(
        name = "show",
        description =
                "Prints all of each dead letter: headers and the request, which may hold prompts. Exit code 1 if none is selected.",
        mixinStandardHelpOptions = true)
final class DeadLettersShowCommand implements Callable<Integer> {

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
        long shown = 0;
        try (DeadLetterScan scan = new DeadLetterScan(clients, topic, selection)) {
            do {
                for (DeadLetter letter : scan.next()) {
                    out.line(text(letter));
                    shown++;
                }
            } while (out.flushed() && !scan.isDone());
        }
        if (shown == 0) {
            throw CommandFailure.failed(topic + ": no dead letter is selected");
        }
        return 0;
    }

    private String text(DeadLetter letter) {
        return switch (form) {
            case JSON -> JsonLine.of(DeadLetterText.whole(letter));
            case TABLE -> DeadLetterText.page(letter);
        };
    }
}
