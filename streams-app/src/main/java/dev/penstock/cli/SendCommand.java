package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.pipeline.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code send}: lines become requests. */
@Command(
        name = "send",
        description = {
            "Produces every line of a file that is not blank as one request, its bytes unchanged.",
            "The record's key is the line's tenant, if it names one. Any other producer does as well."
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    private static final String STDIN = "-";
    /** The rest of a record: key, framing. */
    private static final int MAX_LINE_BYTES = RecordSizes.MAX_RECORD_BYTES - 8 * 1024;

    @Parameters(paramLabel = "FILE", description = "JSON lines, or - for stdin.")
    private String file = STDIN;

    @Mixin
    private ClientOptions options = new ClientOptions();

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        PenstockConfig config = options.load();
        String topic = new Topics(config.topics().prefix()).requests();
        KafkaClients clients = new KafkaClients(config);
        try (InputStream in = open()) {
            clients.require(List.of(topic));
            send(in, clients, topic);
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + ": cannot be read to its end");
        }
        if (firstFailure.get() != null) {
            String why = clients.line(firstFailure.get());
            throw CommandFailure.failed(lost.get() + " lines not written: " + why);
        }
        if (lost.get() > 0) {
            throw CommandFailure.failed(lost.get() + " lines not written");
        }
        return 0;
    }

    private void send(InputStream in, KafkaClients clients, String topic) throws CommandFailure, IOException {
        LineReader lines = new LineReader(in, MAX_LINE_BYTES);
        Progress progress = new Progress(System.err, "requests");
        long size = size();
        try (LineSender sender = new LineSender(clients, topic)) {
            for (Optional<LineReader.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                sendLine(line.get(), sender);
                progress.at(written.get(), size > 0 ? (double) lines.bytesRead() / size : -1);
            }
            sender.flush();
        }
        progress.done(written.get(), "written");
    }

    private void sendLine(LineReader.Line line, LineSender sender) throws CommandFailure {
        if (line.tooLong()) {
            lost.incrementAndGet();
            System.err.println("line " + line.number() + ": " + line.bytes() + " bytes (expected: at most "
                    + MAX_LINE_BYTES + ")");
            return;
        }
        sender.send(line.value(), (metadata, failure) -> {
            if (failure == null) {
                written.incrementAndGet();
            } else {
                lost.incrementAndGet();
                firstFailure.compareAndSet(null, failure);
            }
        });
    }

    private InputStream open() throws CommandFailure {
        if (file.equals(STDIN)) {
            return System.in;
        }
        try {
            return Files.newInputStream(Path.of(file));
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + ": cannot be read (expected: a file of JSON lines, or -)");
        }
    }

    private long size() throws IOException {
        return file.equals(STDIN) ? -1 : Files.size(Path.of(file));
    }
}
