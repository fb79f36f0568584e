package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import dev.penstock.topics.TopicCheck;
import dev.penstock.topics.TopicCreation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code topics create|check}. */
@Command(
        name = "topics",
        description = "Makes the topics, or holds them against what they must be.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(create|check)")
final class TopicsCommand {

    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "create",
            description = "Makes the topics that are missing. What exists is never changed, only checked.",
            mixinStandardHelpOptions = true)
    int create(@Mixin ClientOptions options) throws CommandFailure, InterruptedException {
        PenstockConfig config = options.load();
        KafkaClients clients = new KafkaClients(config);
        try (Admin admin = clients.admin()) {
            clients.reach(admin);
            TopicCreation.Report report = TopicCreation.create(admin, specs(config), clients.servers());
            report.created().forEach(name -> out().println(name + ": created"));
            report.existing().forEach(name -> out().println(name + ": there already"));
            return conclude(report.problems());
        }
    }

    @Command(
            name = "check",
            description = "Names every topic that is missing or was made otherwise, one line each; exit code 1 then.",
            mixinStandardHelpOptions = true)
    int check(@Mixin ClientOptions options) throws CommandFailure, InterruptedException {
        PenstockConfig config = options.load();
        KafkaClients clients = new KafkaClients(config);
        List<TopicSpec> specs = specs(config);
        try (Admin admin = clients.admin()) {
            int exitCode = conclude(TopicCheck.check(admin, specs, clients.servers()));
            out().println(specs.size() + " topics as they must be");
            return exitCode;
        }
    }

    private static List<TopicSpec> specs(PenstockConfig config) {
        return new Topics(config.topics().prefix()).specs(config.topics());
    }

    private static int conclude(List<String> problems) throws CommandFailure {
        if (!problems.isEmpty()) {
            throw CommandFailure.failed(String.join("\n", problems));
        }
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
