package dev.penstock.cli;

import dev.penstock.PenstockApp;
import dev.penstock.StartupException;
import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.console.Console;
import dev.penstock.console.ConsoleSources;
import dev.penstock.console.ConsoleStartException;
import dev.penstock.console.Health;
import dev.penstock.console.HealthSource;
import dev.penstock.logging.LogLevels;
import dev.penstock.provider.TargetView;
import dev.penstock.tracing.Tracing;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance of the pipeline and its console. The console answers first, so that probes see the start. */
final class RunningApp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningApp.class);

    private final Console console;
    private final PenstockApp app;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RunningApp(Console console, PenstockApp app) {
        this.console = console;
        this.app = app;
    }

    /** Not ready when this returns; see {@link #ready}. */
    static RunningApp start(PenstockConfig config) throws CommandFailure {
        return start(config, () -> false);
    }

    /**
     * As {@link #start(PenstockConfig)}.
     *
     * @param cancelled whether it need not start any more
     */
    static RunningApp start(PenstockConfig config, BooleanSupplier cancelled) throws CommandFailure {
        PrometheusMeterRegistry metrics = metrics();
        AtomicReference<HealthSource> health = new AtomicReference<>(new Starting());
        Console console = console(config, health, metrics);
        LogLevels.silenceConnections();
        try {
            Tracing tracing = Tracing.of(
                    System.getenv(), Version.text(), config.instance().id());
            PenstockApp app = PenstockApp.start(config, metrics, tracing, cancelled);
            health.set(app);
            LOG.atInfo()
                    .addKeyValue("version", Version.text())
                    .addKeyValue("instance", config.instance().id())
                    .addKeyValue("kafka", config.kafka().get("bootstrap.servers"))
                    .addKeyValue("console", console.url())
                    .addKeyValue("probes", console.probesUrl())
                    .log("started");
            return new RunningApp(console, app);
        } catch (StartupException refused) {
            console.close();
            throw CommandFailure.failed(String.valueOf(refused.getMessage()));
        } catch (ConfigException wrong) {
            console.close();
            throw CommandFailure.failed(String.join("\n", wrong.problems()));
        } finally {
            LogLevels.hearConnections();
        }
    }

    String consoleUrl() {
        return console.url();
    }

    String probesUrl() {
        return console.probesUrl();
    }

    Health ready() {
        return app.ready();
    }

    boolean hasFailed() {
        return failed.get();
    }

    /** Runs the action once the pipeline has stopped, by itself or by {@link #close}. */
    void onStop(Runnable action) {
        Thread.ofPlatform().daemon().name("app-watch").start(() -> {
            try {
                failed.set(!app.awaitStop());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            action.run();
        });
    }

    /** Drains and stops. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            app.close();
            console.close();
            LOG.info("stopped");
        }
    }

    private static Console console(
            PenstockConfig config, AtomicReference<HealthSource> health, PrometheusMeterRegistry metrics)
            throws CommandFailure {
        HealthSource current = new HealthSource() {
            @Override
            public Health live() {
                return health.get().live();
            }

            @Override
            public Health ready() {
                return health.get().ready();
            }

            @Override
            public List<TargetView> targets(Instant now) {
                return health.get().targets(now);
            }
        };
        PageTopics topics = new PageTopics(config);
        ConsoleSources sources =
                new ConsoleSources(current, metrics, topics, config.instance().id(), Version.text());
        try {
            return Console.start(config.console(), sources);
        } catch (ConsoleStartException refused) {
            topics.close();
            throw CommandFailure.failed(String.valueOf(refused.getMessage()));
        }
    }

    private static PrometheusMeterRegistry metrics() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
        new FileDescriptorMetrics().bindTo(metrics);
        return metrics;
    }

    /** Before there is an instance to ask. */
    private record Starting() implements HealthSource {
        @Override
        public Health live() {
            return new Health(true, Map.of("pipeline", "starting"));
        }

        @Override
        public Health ready() {
            return new Health(false, Map.of("pipeline", "starting"));
        }

        @Override
        public List<TargetView> targets(Instant now) {
            return List.of();
        }
    }
}
