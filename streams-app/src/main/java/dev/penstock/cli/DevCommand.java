package dev.penstock.cli;

import dev.penstock.config.TargetConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dev}: everything in one process, kept running. */
@Command(
        name = "dev",
        description = "Runs broker, provider and pipeline in one process until interrupted. Not for production.",
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {

    private static final long CLEAN_UP_SECONDS = 60;
    private static final double MILLIS_PER_SECOND = 1e3;

    @Option(names = "--kafka-port", defaultValue = "9092", description = "Default: 9092; 0 for any free port.")
    private int kafkaPort;

    @Option(names = "--console-port", description = "Default: console.port, 8080; 0 for any free port.")
    private @Nullable Integer consolePort;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep topics and state here. Default: kept nowhere.")
    private @Nullable Path dataDir;

    @Option(
            names = "--provider-url",
            paramLabel = "URL",
            description =
                    "Call this provider, and targets with a base_url of their own there. Default: a fake one for all.")
    private @Nullable URI providerUrl;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        DevJars.require("dev");
        WholeNumber.checkPort("--kafka-port", kafkaPort);
        long start = System.currentTimeMillis();
        Shutdown shutdown = Shutdown.onSignal(CLEAN_UP_SECONDS);
        LocalStack.Settings settings = new LocalStack.Settings(options, kafkaPort, dataDir, providerUrl, consolePort);
        try (LocalStack stack = LocalStack.start(settings, shutdown::isRequested)) {
            stack.app().onStop(shutdown::request);
            announce(stack, System.currentTimeMillis() - start);
            shutdown.await();
            int exitCode = stack.app().hasFailed() ? CommandFailure.FAILED : 0;
            stack.close();
            return shutdown.finished(exitCode);
        } catch (CommandFailure | RuntimeException failed) {
            shutdown.finished(shutdown.isRequested() ? 0 : CommandFailure.exitCodeOf(failed));
            throw failed;
        }
    }

    private static void announce(LocalStack stack, long millis) {
        System.out.println("kafka     " + stack.bootstrapServers());
        System.out.println("console   " + stack.app().consoleUrl());
        System.out.println("probes    " + stack.app().probesUrl());
        System.out.println("provider  " + stack.providerUrl() + (stack.isProviderFake() ? " (fake)" : ""));
        for (TargetConfig target : stack.targetsElsewhere()) {
            System.out.println("target    " + target.name() + ": " + target.baseUrl()
                    + (stack.isProviderFake() ? " is not called, but the fake provider" : ""));
        }
        System.out.println(
                "next      penstock send examples/requests.jsonl --bootstrap-servers " + stack.bootstrapServers());
        System.out.printf("ready in %.1f s; ctrl-c ends it%n", millis / MILLIS_PER_SECOND);
        System.out.flush();
    }
}
