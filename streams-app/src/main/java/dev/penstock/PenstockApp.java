package dev.penstock;

import dev.penstock.config.ConfigException;
import dev.penstock.config.InstanceConfig;
import dev.penstock.config.KafkaTimeout;
import dev.penstock.config.PenstockConfig;
import dev.penstock.console.Health;
import dev.penstock.console.HealthSource;
import dev.penstock.membership.LeaveMarker;
import dev.penstock.pipeline.Pipeline;
import dev.penstock.pipeline.Topics;
import dev.penstock.provider.TargetView;
import dev.penstock.topics.KafkaFailure;
import dev.penstock.topics.TopicCheck;
import dev.penstock.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** One instance of Penstock: the pipeline and the providers that it calls. */
public final class PenstockApp implements HealthSource, AutoCloseable {

    private final Providers providers;
    private final Pipeline pipeline;
    private final Tracing tracing;

    private PenstockApp(Providers providers, Pipeline pipeline, Tracing tracing) {
        this.providers = providers;
        this.pipeline = pipeline;
        this.tracing = tracing;
    }

    /**
     * Starts an instance without spans. It is not ready when this returns: see {@link #ready()}.
     *
     * @throws StartupException if something that it needs is missing
     */
    public static PenstockApp start(PenstockConfig config, MeterRegistry meters) throws StartupException {
        return start(config, meters, Tracing.OFF, () -> false);
    }

    /**
     * Starts an instance. While no broker answers it waits, for {@code streams.start_patience} at most.
     *
     * @param tracing closed with the instance
     * @param cancelled whether it need not start any more; ends the wait for a broker
     * @throws StartupException if something that it needs is missing
     */
    public static PenstockApp start(
            PenstockConfig config, MeterRegistry meters, Tracing tracing, BooleanSupplier cancelled)
            throws StartupException {
        OpenFiles.check(config.dispatch().permits(), config.topics().partitions());
        Memory.check(config.streams().rocksdbMemoryBytes());
        StateDirectory.check(config.instance().directory());
        forgetLeaving(config.instance());
        checkTopics(config, cancelled);
        Providers providers = Providers.of(config.targets());
        try {
            return new PenstockApp(
                    providers, Pipeline.start(config, providers::get, meters, tracing, version()), tracing);
        } catch (ConfigException wrong) {
            throw new StartupException(String.valueOf(wrong.getMessage()));
        } catch (KafkaException refused) {
            throw new StartupException(KafkaFailure.line(refused, config.kafka()));
        }
    }

    /** It starts, so it has not left: what an earlier run was told does not hold for the stop of this one. */
    private static void forgetLeaving(InstanceConfig instance) throws StartupException {
        try {
            LeaveMarker.of(instance).clear();
        } catch (IOException stays) {
            throw new StartupException(
                    "instance.state_dir: " + instance.directory()
                            + ": the marker of penstock leave cannot be removed (expected: a directory where this user may write)");
        }
    }

    private static void checkTopics(PenstockConfig config, BooleanSupplier cancelled) throws StartupException {
        Topics topics = new Topics(config.topics().prefix());
        String servers = config.kafka().getOrDefault("bootstrap.servers", "");
        BrokerWait wait =
                new BrokerWait(config.streams().startPatience(), cancelled, InstantSource.system(), Thread::sleep);
        try (Admin admin = Admin.create(KafkaTimeout.ofAdmin(config.kafka()))) {
            List<String> problems = wait.answerTo(() -> TopicCheck.ask(admin, topics.specs(config.topics()), servers));
            if (!problems.isEmpty()) {
                throw new StartupException(String.join(System.lineSeparator(), problems));
            }
        } catch (KafkaException e) {
            throw new StartupException(KafkaFailure.line(e, config.kafka()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while the topics were checked");
        }
    }

    /** The version that this program was built as. */
    public static String version() {
        return Objects.requireNonNullElse(PenstockApp.class.getPackage().getImplementationVersion(), "dev");
    }

    /** Every thread lives; a rebalance is life too. */
    @Override
    public Health live() {
        return new Health(pipeline.live(), pipeline.checks());
    }

    /** Requests are taken in: state restored, partitions caught up. */
    @Override
    public Health ready() {
        return new Health(pipeline.ready(), pipeline.checks());
    }

    @Override
    public List<TargetView> targets(Instant now) {
        return pipeline.targets(now);
    }

    /**
     * Waits until the instance has stopped, by {@link #close()} or by itself.
     *
     * @return whether it stopped in order
     */
    public boolean awaitStop() throws InterruptedException {
        pipeline.awaitStop();
        return !pipeline.hasFailed();
    }

    /** Drains and stops. */
    @Override
    public void close() {
        pipeline.close();
        providers.close();
        tracing.close();
    }
}
