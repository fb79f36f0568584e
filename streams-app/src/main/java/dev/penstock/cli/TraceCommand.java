package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.Tenant;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace}: one request's life. */
@Command(
        name = "trace",
        description = {
            "Prints what happened to a request, in the order of its times, from the topics alone.",
            "--tenant and --since keep it quick: without them every topic is read whole. Exit code 1 if nothing is found."
        },
        mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {

    private static final int MAX_SHOWN = 80;

    @Parameters(
            paramLabel = "CUSTOM_ID|REQUEST_ID",
            description = "The request's own name, or its topic-partition-offset.")
    private String id = "";

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Whose it is; only its partitions are read.")
    private @Nullable String tenant;

    @Option(names = "--since", paramLabel = "TIME", description = "Read nothing older: 10m ago, or RFC 3339.")
    private @Nullable String since;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "table", description = "Form. Default: table.")
    private OutputForm form = OutputForm.TABLE;

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Instant from = since == null ? null : SinceText.read(since, Instant.now());
        if (tenant != null && !Tenant.isValid(tenant)) {
            throw CommandFailure.usage("--tenant: " + Cell.escaped(tenant, MAX_SHOWN)
                    + " (expected: 1..128 characters of A-Z a-z 0-9 . _ / -)");
        }
        PenstockConfig config = options.load();
        Topics topics = new Topics(config.topics().prefix());
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(
                topics.requests(),
                topics.rerouted(),
                topics.results(),
                topics.deadLetters(),
                topics.outcomes(),
                topics.usage(),
                topics.redrives()));
        TraceRun.Query query = new TraceRun.Query(requestId(topics, id), id, tenant, from);
        TraceRun.Limits limits =
                new TraceRun.Limits(Integer.MAX_VALUE, () -> false, new Progress(System.err, "records read"));
        Collection<Trace> traces = new TraceRun(clients, topics, query, limits).traces();
        if (traces.isEmpty()) {
            throw CommandFailure.failed(
                    Cell.escaped(id, MAX_SHOWN)
                            + ": not found (expected: a custom_id, or topic-partition-offset of a request, on the topics still)");
        }
        for (Trace trace : traces) {
            System.out.print(form == OutputForm.JSON ? JsonLine.of(trace.json()) + "\n" : trace.table());
        }
        return 0;
    }

    /** Null where the text is a custom_id. */
    static @Nullable RequestId requestId(Topics topics, String id) {
        RequestId read = RequestId.parse(id);
        return read != null && read.topic().equals(topics.requests()) ? read : null;
    }
}
