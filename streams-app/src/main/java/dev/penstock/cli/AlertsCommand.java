package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.Alert;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code alerts}: what an operator wants to know at once. */
@Command(
        name = "alerts",
        description = {
            "Prints alerts: breakers and targets that changed, budgets that crossed a threshold.",
            "--webhook posts each as JSON, three times at most; it begins with new ones unless --since says otherwise."
        },
        mixinStandardHelpOptions = true)
final class AlertsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration WEBHOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration WEBHOOK_PAUSE = Duration.ofSeconds(1);
    private static final WireCodec CODEC = new WireCodec();

    @Option(names = "--follow", description = "Keep reading as new ones come, until interrupted.")
    private boolean follow;

    @Option(names = "--since", paramLabel = "TIME", description = "Only from then on: 10m ago, or RFC 3339.")
    private @Nullable String since;

    @Option(
            names = "--webhook",
            paramLabel = "URL",
            defaultValue = "${env:PENSTOCK_ALERTS_WEBHOOK}",
            description = "Post each there; else PENSTOCK_ALERTS_WEBHOOK, else nowhere.")
    private @Nullable String webhook;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "json", description = "Form. Default: json.")
    private OutputForm form = OutputForm.JSON;

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        TopicReader.Start from = since != null
                ? new TopicReader.Since(SinceText.read(since, Instant.now()))
                : webhook == null ? new TopicReader.Beginning() : new TopicReader.End();
        AlertPosts posts = webhook == null
                ? null
                : new AlertPosts(new Webhook(Webhook.address(webhook), WEBHOOK_TIMEOUT, WEBHOOK_PAUSE), System.err);
        PenstockConfig config = options.load();
        KafkaClients clients = new KafkaClients(config);
        List<String> topics = List.of(new Topics(config.topics().prefix()).alerts());
        clients.require(topics);
        LinePrinter out = new LinePrinter();
        if (form == OutputForm.TABLE) {
            out.line(AlertText.HEADER);
        }
        try (posts;
                TopicReader reader = new TopicReader(clients, topics, from)) {
            do {
                for (var message : reader.poll(POLL)) {
                    take(message.value(), out, posts);
                }
            } while (out.flushed() && (follow || !reader.caughtUp()));
        }
        if (posts != null && posts.undelivered() > 0) {
            throw CommandFailure.failed(posts.undelivered() + " alerts not delivered");
        }
        return 0;
    }

    private void take(byte @Nullable [] value, LinePrinter out, @Nullable AlertPosts posts)
            throws CommandFailure, InterruptedException {
        if (value == null) {
            return;
        }
        out.line(form == OutputForm.TABLE ? AlertText.row(value) : AlertText.json(value));
        if (posts != null) {
            post(value, posts);
        }
    }

    private static void post(byte[] value, AlertPosts posts) throws CommandFailure, InterruptedException {
        Alert alert;
        try {
            alert = CODEC.readAlert(value);
        } catch (MalformedRecordException foreign) {
            return;
        }
        posts.post(alert);
    }
}
