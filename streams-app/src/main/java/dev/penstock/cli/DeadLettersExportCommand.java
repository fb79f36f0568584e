package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.deadletters.DeadLetter;
import dev.penstock.files.PrivateFiles;
import dev.penstock.pipeline.Topics;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dead-letters export}: into a file, to be mended or looked into elsewhere. */
@Command(
        name = "export",
        description = {
            "Writes the selected dead letters to a file, one JSON line each, headers and request included.",
            "With --requests only the requests, as they came: lines to mend and to send again."
        },
        mixinStandardHelpOptions = true)
final class DeadLettersExportCommand implements Callable<Integer> {

    private static final int MOST_NAMED = 20;

    @Parameters(paramLabel = "FILE", description = "Must not exist yet; - for stdout.")
    private String file = "-";

    @Option(names = "--requests", description = "Only the requests, byte for byte, one a line.")
    private boolean requests;

    @Mixin
    private DeadLetterSelectors selectors = new DeadLetterSelectors();

    @Mixin
    private ClientOptions options = new ClientOptions();

    private long left;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var selection = selectors.selection(Instant.now());
        PenstockConfig config = options.load();
        String topic = new Topics(config.topics().prefix()).deadLetters();
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(topic));
        Progress progress = new Progress(System.err, "dead letters");
        long written = 0;
        try (OutputStream out = open();
                DeadLetterScan scan = new DeadLetterScan(clients, topic, selection)) {
            do {
                for (DeadLetter letter : scan.next()) {
                    written += write(letter, out) ? 1 : 0;
                    progress.at(written, -1);
                }
            } while (!scan.isDone());
        } catch (IOException unwritable) {
            throw CommandFailure.failed(file + ": cannot be written to its end");
        }
        progress.done(written, "written");
        if (left > 0) {
            throw CommandFailure.failed(
                    left + " dead letters left out: they are no line (expected: whole, of one line)");
        }
        return 0;
    }

    private boolean write(DeadLetter letter, OutputStream out) throws IOException {
        byte[] line = requests
                ? requestLine(letter)
                : JsonLine.of(DeadLetterText.whole(letter)).getBytes(StandardCharsets.UTF_8);
        if (line == null) {
            left++;
            if (left <= MOST_NAMED) {
                System.err.println(letter.id() + ": left out: " + (letter.isCut() ? "truncated" : "not one line"));
            }
            return false;
        }
        out.write(line);
        out.write('\n');
        return true;
    }

    private static byte @Nullable [] requestLine(DeadLetter letter) {
        byte[] value = letter.value();
        if (value == null || value.length == 0 || letter.isCut()) {
            return null;
        }
        for (byte b : value) {
            if (b == '\n') {
                return null;
            }
        }
        return value;
    }

    private OutputStream open() throws CommandFailure {
        if (file.equals("-")) {
            return new BufferedOutputStream(System.out);
        }
        try {
            return new BufferedOutputStream(PrivateFiles.create(Path.of(file)));
        } catch (IOException unwritable) {
            throw CommandFailure.failed(file + ": cannot be made (expected: a file that does not exist yet)");
        }
    }
}
