package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: a file becomes a batch. */
@Command(
        name = "import",
        description = {
            "Produces every line of an OpenAI batch file as a request of one batch, and prints the batch's id.",
            "Every line is checked first: nothing is written of a file with a mistake."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

    private static final int MAX_LINE_BYTES = RecordSizes.MAX_RECORD_BYTES - 8 * 1024;
    private static final long MOST_BYTES_AT_ONCE = 4L << 20;

    @Parameters(paramLabel = "FILE", description = "JSON lines, each with a custom_id of its own; - for stdin.")
    private String file = "";

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Whose lines they are that name no tenant.")
    private @Nullable String tenant;

    @Option(
            names = "-o",
            paramLabel = "json|table",
            defaultValue = "table",
            description = "Form. Default: table, the id alone; json: the batch as batch status shows it.")
    private OutputForm form = OutputForm.TABLE;

    @Mixin
    private ClientOptions options = new ClientOptions();

    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private boolean grown;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (tenant != null && !Tenant.isValid(tenant)) {
            throw CommandFailure.usage("--tenant: " + Cell.escaped(tenant, 60) + " (expected: a tenant's name)");
        }
        PenstockConfig config = options.load();
        String topic = new Topics(config.topics().prefix()).requests();
        KafkaClients clients = new KafkaClients(config);
        try (ImportSource source = ImportSource.open(file)) {
            BatchSigner signer = new BatchSigner(Instant.now(), checked(config, source));
            BatchId id = signer.id();
            clients.require(List.of(topic));
            System.out.println(form == OutputForm.TABLE ? id.toString() : JsonLine.of(new BatchCount(id).json()));
            System.out.flush();
            send(clients, topic, signer, source);
            return conclude(clients, id, source);
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + ": cannot be read (expected: a file of JSON lines)");
        }
    }

    private long checked(PenstockConfig config, ImportSource source) throws CommandFailure, IOException {
        ImportCheck check = new ImportCheck(config.intake().maxBytes(), tenant, System.err);
        Progress progress = new Progress(System.err, "lines checked");
        long size = Math.max(1, source.bytes());
        try (InputStream in = source.read()) {
            LineReader lines = new LineReader(in, MAX_LINE_BYTES);
            for (Optional<LineReader.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                check.check(line.get());
                progress.at(check.lines(), (double) lines.bytesRead() / size);
            }
        }
        if (check.wrong() > 0) {
            throw CommandFailure.failed(source.name() + ": " + check.wrong() + " of " + check.lines()
                    + " lines cannot be requests; nothing was written");
        }
        if (check.lines() == 0) {
            throw CommandFailure.failed(source.name() + ": no lines (expected: at least one request)");
        }
        return check.lines();
    }

    private void send(KafkaClients clients, String topic, BatchSigner signer, ImportSource source)
            throws CommandFailure, IOException {
        Progress progress = new Progress(System.err, "requests");
        String otherwise = Objects.requireNonNullElse(tenant, Tenant.DEFAULT.name());
        try (InputStream in = source.read();
                LineSender sender = new LineSender(clients, topic)) {
            LineReader lines = new LineReader(in, MAX_LINE_BYTES);
            List<BatchSigner.Line> group = new ArrayList<>();
            long bytes = 0;
            long read = 0;
            for (Optional<LineReader.Line> line = lines.next();
                    line.isPresent() && firstFailure.get() == null && !grown;
                    line = lines.next()) {
                if (read == signer.id().lines()) {
                    grown = true;
                    continue;
                }
                byte[] value = line.get().value();
                group.add(new BatchSigner.Line(value, TenantOfLine.read(value).orElse(otherwise)));
                bytes += value.length;
                read++;
                if (group.size() == LineTree.MOST_LINES || bytes >= MOST_BYTES_AT_ONCE) {
                    send(group, signer, sender);
                    bytes = 0;
                    progress.at(read, (double) read / signer.id().lines());
                }
            }
            send(group, signer, sender);
            sender.flush();
        }
        progress.done(written.get(), "written");
    }

    private void send(List<BatchSigner.Line> group, BatchSigner signer, LineSender sender) throws CommandFailure {
        if (group.isEmpty()) {
            return;
        }
        List<byte[]> signed = signer.sign(group);
        for (int i = 0; i < signed.size(); i++) {
            sender.send(signed.get(i), group.get(i).tenant(), (metadata, failure) -> {
                if (failure == null) {
                    written.incrementAndGet();
                } else {
                    firstFailure.compareAndSet(null, failure);
                }
            });
        }
        group.clear();
    }

    private int conclude(KafkaClients clients, BatchId id, ImportSource source) throws CommandFailure {
        Throwable failure = firstFailure.get();
        if (failure != null) {
            throw CommandFailure.failed(
                    written.get() + " of " + id.lines() + " requests written; import the file again, "
                            + "nothing is paid for twice: " + clients.line(failure));
        }
        if (grown || written.get() != id.lines()) {
            throw CommandFailure.failed(source.name() + ": changed while it was read (expected: " + id.lines()
                    + " lines" + (grown ? ", found: more" : "") + ", written: " + written.get() + ")");
        }
        return 0;
    }
}
