package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.embedded.BrokerSettings;
import dev.penstock.embedded.BrokerStartException;
import dev.penstock.embedded.EmbeddedBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.pipeline.Topics;
import dev.penstock.topics.TopicCreation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker, topics, provider and pipeline in this process, closed in the opposite order. */
final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final long POLL_MILLIS = 25;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable EmbeddedBroker broker;
    private @Nullable FakeProvider fake;
    private @Nullable PenstockConfig config;
    private List<TargetConfig> targetsElsewhere = List.of();
    private @Nullable RunningApp app;

    private LocalStack() {}

    /**
     * What to start.
     *
     * @param kafkaPort 0 for any free one
     * @param dataDir kept; null for a temporary one
     * @param providerUrl null for a fake provider
     * @param consolePort null for what the configuration says
     */
    record Settings(
            ConfigOptions options,
            int kafkaPort,
            @Nullable Path dataDir,
            @Nullable URI providerUrl,
            @Nullable Integer consolePort) {}

    /** Returns when the pipeline takes requests. Whatever had been started is closed again on failure. */
    static LocalStack start(Settings settings, BooleanSupplier cancelled) throws CommandFailure, InterruptedException {
        LocalStack stack = new LocalStack();
        try {
            stack.startParts(settings);
            stack.awaitReady(cancelled);
            return stack;
        } catch (CommandFailure | InterruptedException | RuntimeException failed) {
            stack.close();
            throw failed;
        }
    }

    PenstockConfig config() {
        return Objects.requireNonNull(config);
    }

    RunningApp app() {
        return Objects.requireNonNull(app);
    }

    String bootstrapServers() {
        return Objects.requireNonNull(broker).bootstrapServers();
    }

    URI providerUrl() {
        return config().provider().baseUrl();
    }

    boolean isProviderFake() {
        return fake != null;
    }

    /** Those that the configuration has elsewhere than at the provider. */
    List<TargetConfig> targetsElsewhere() {
        return targetsElsewhere;
    }

    /** Calls that the fake provider got. */
    long providerCalls() {
        return fake == null ? 0 : fake.callLog().counts().received();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                // The rest is closed all the same.
                LOG.warn("not closed in order", failed);
            }
        }
    }

    private void startParts(Settings settings) throws CommandFailure, InterruptedException {
        Path dataDir = settings.dataDir();
        ScratchDirectory scratch = ScratchDirectory.make();
        parts.push(scratch);
        // Configuration mistakes are told before anything is started.
        settings.options().explained(presets(scratch.path()), chosen(settings));
        broker = broker(
                settings.kafkaPort(), dataDir == null ? scratch.path().resolve("kafka") : dataDir.resolve("kafka"));
        parts.push(broker);
        if (settings.providerUrl() == null) {
            fake = FakeProviderCommand.start(FakeProviderSettings.defaults());
            parts.push(fake);
        }
        Path state = dataDir == null ? scratch.path().resolve("state") : dataDir.resolve("state");
        config = placed(settings.options()
                .explained(presets(state), overrides(settings))
                .config());
        createTopics(config);
        app = RunningApp.start(config);
        parts.push(app);
    }

    private static List<String> presets(Path state) {
        return List.of(
                "topics.partitions=4",
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.id=local",
                "instance.state_dir=" + state,
                "console.probes_port=0",
                "provider.name=local",
                "dispatch.lease_skew=1s",
                "drain.grace=5s");
    }

    private List<String> overrides(Settings settings) {
        List<String> overrides = new ArrayList<>(chosen(settings));
        overrides.add("kafka.bootstrap.servers=" + bootstrapServers());
        if (fake != null) {
            overrides.add("provider.base_url=" + fake.baseUrl());
        }
        return overrides;
    }

    /** Without a provider of the user's choice nothing is called for real, whatever the targets say. */
    private PenstockConfig placed(PenstockConfig wanted) {
        targetsElsewhere = wanted.targets().stream()
                .filter(target -> !target.baseUrl().equals(wanted.provider().baseUrl()))
                .toList();
        return fake == null ? wanted : wanted.withTargetsAt(fake.baseUrl());
    }

    /** What the user chose by options of the command. */
    private static List<String> chosen(Settings settings) {
        List<String> chosen = new ArrayList<>();
        if (settings.providerUrl() != null) {
            chosen.add("provider.base_url=" + settings.providerUrl());
        }
        if (settings.consolePort() != null) {
            chosen.add("console.port=" + settings.consolePort());
        }
        return chosen;
    }

    private static EmbeddedBroker broker(int port, Path dataDir) throws CommandFailure {
        try {
            return EmbeddedBroker.start(new BrokerSettings(port, dataDir));
        } catch (BrokerStartException refused) {
            throw CommandFailure.failed(String.valueOf(refused.getMessage()));
        }
    }

    private static void createTopics(PenstockConfig config) throws CommandFailure, InterruptedException {
        KafkaClients clients = new KafkaClients(config);
        try (Admin admin = clients.admin()) {
            Topics topics = new Topics(config.topics().prefix());
            List<String> problems = TopicCreation.create(admin, topics.specs(config.topics()), clients.servers())
                    .problems();
            if (!problems.isEmpty()) {
                throw CommandFailure.failed(String.join("\n", problems));
            }
        }
    }

    private void awaitReady(BooleanSupplier cancelled) throws CommandFailure, InterruptedException {
        Instant end = Instant.now().plus(READY_WITHIN);
        while (!app().ready().ok()) {
            if (cancelled.getAsBoolean()) {
                throw CommandFailure.failed("stopped before it was ready");
            }
            if (app().hasFailed() || Instant.now().isAfter(end)) {
                throw CommandFailure.failed(
                        "pipeline: not ready (" + app().ready().checks() + ")");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
