package dev.penstock.pipeline;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.dispatch.Permits;
import dev.penstock.provider.Provider;
import dev.penstock.provider.TargetListener;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * One run of one instance: what outlives a task that moves away, and is there when the task comes back. Calls that it made
 * go on without the task.
 */
record TestInstance(
        Owner owner, PenstockConfig config, Permits permits, Targets targets, NotingRunner runner, IntakeValve valve) {

    static TestInstance of(
            Owner owner, PenstockConfig config, Function<TargetConfig, Provider> providers, InstantSource clock) {
        Permits permits = new Permits(config.dispatch().permits());
        return new TestInstance(
                owner,
                config,
                permits,
                targets(config, providers, clock),
                new NotingRunner(permits),
                IntakeValve.of(config, new Topics(config.topics().prefix())));
    }

    static Targets targets(PenstockConfig config, Function<TargetConfig, Provider> providers, InstantSource clock) {
        return new Targets(
                config.targets(),
                config.breaker(),
                providers,
                new SimpleMeterRegistry(),
                clock,
                new NoTargetListener());
    }

    /** Returns the permit of a call that it made, as a runner does when the outcome is written. */
    void endCall(Launch launch) {
        runner.ended(launch);
        launch.lease().cancel();
        permits.returned(launch.partition());
    }

    private static final class NoTargetListener implements TargetListener {

        @Override
        public void breaker(String target, String from, String to, Instant at) {}

        @Override
        public void closed(String target, FailureClass why, Instant until, Instant at) {}
    }
}
