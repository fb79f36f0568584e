package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code budgets}: where budgets stand. */
@Command(
        name = "budgets",
        description =
                "Prints where budgets stand: the last status of each tenant and window, and the share of each model.",
        mixinStandardHelpOptions = true)
final class BudgetsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only of that tenant.")
    private @Nullable String tenant;

    @Option(names = "--follow", description = "Keep reading as they change, until interrupted.")
    private boolean follow;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "table", description = "Form. Default: table.")
    private OutputForm form = OutputForm.TABLE;

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        PenstockConfig config = options.load();
        KafkaClients clients = new KafkaClients(config);
        String topic = new Topics(config.topics().prefix()).budgets();
        clients.require(List.of(topic));
        PrintStream out = System.out;
        if (form == OutputForm.TABLE) {
            out.println(BudgetRow.HEADER);
        }
        if (follow) {
            follow(clients, topic, out);
        }
        for (Map.Entry<String, byte[]> status :
                CompactedTopic.read(clients, topic).entrySet()) {
            print(status.getKey(), status.getValue(), out);
        }
        return 0;
    }

    /** From the oldest on, so that the first lines are where budgets stand now. Ends when nobody reads any more. */
    private void follow(KafkaClients clients, String topic, PrintStream out) throws CommandFailure {
        try (TopicReader reader = new TopicReader(clients, List.of(topic), new TopicReader.Beginning())) {
            while (!out.checkError()) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    if (record.key() != null && record.value() != null) {
                        print(new String(record.key(), StandardCharsets.UTF_8), record.value(), out);
                    }
                }
            }
        }
    }

    private void print(String key, byte[] status, PrintStream out) {
        if (tenant != null && !key.startsWith(tenant + "|")) {
            return;
        }
        switch (form) {
            case JSON -> out.println(JsonLine.of(status));
            case TABLE -> out.println(BudgetRow.of(status));
        }
    }
}
