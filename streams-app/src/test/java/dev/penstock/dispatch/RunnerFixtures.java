package dev.penstock.dispatch;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.AttemptMetrics;
import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Entry;
import dev.penstock.provider.Lease;
import dev.penstock.provider.Provider;
import dev.penstock.provider.RetryBudget;
import dev.penstock.provider.TargetListener;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Trim;
import dev.penstock.work.CallTrace;
import dev.penstock.work.PromptFitting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A runner over the real provider stack. */
final class RunnerFixtures {

    private RunnerFixtures() {}

    static Targets targets(PenstockConfig config, Function<TargetConfig, Provider> providers, InstantSource clock) {
        return new Targets(
                config.targets(), config.breaker(), providers, new SimpleMeterRegistry(), clock, new Unheard());
    }

    static VirtualThreadCallRunner runner(
            PenstockConfig config, Targets targets, OutcomePublisher publisher, Permits permits, InstantSource clock) {
        return new VirtualThreadCallRunner(attempts(config, targets, clock), publisher, permits, clock);
    }

    static CallAttempts attempts(PenstockConfig config, Targets targets, InstantSource clock) {
        return attempts(config, targets, new Untouched(), clock);
    }

    static CallAttempts attempts(PenstockConfig config, Targets targets, PromptFitting fitting, InstantSource clock) {
        RetryBudget budget =
                new RetryBudget(config.retry().budgetPercent(), config.retry().budgetFloor());
        AttemptChoice choice = new AttemptChoice(
                new AttemptPlan(config.retry(), budget),
                targets,
                new AttemptMetrics(new SimpleMeterRegistry(), targets.names(), budget, clock),
                () -> 0.5);
        return new CallAttempts(
                choice,
                config.targets().stream().collect(Collectors.toMap(TargetConfig::name, Function.identity())),
                fitting,
                config.retry().longestWait(),
                CallTrace.AS_IT_CAME,
                clock);
    }

    /** A place at the target. */
    static Lease lease(Targets targets, String target, Instant now) {
        return switch (targets.enter(target, 0, "", 1, now)) {
            case Entry.Entered entered -> entered.lease();
            case Entry.NotNow notNow -> throw new AssertionError(target + ": " + notNow.why() + " (expected: open)");
        };
    }

    /** Sends everything as it came. */
    private static final class Untouched implements PromptFitting {

        @Override
        public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
            return new Fit.Sendable(body, 0);
        }

        @Override
        public Fit shorter(String target, ObjectNode refused) {
            return new Fit.CannotFit("not here");
        }
    }

    private static final class Unheard implements TargetListener {

        @Override
        public void breaker(String target, String from, String to, Instant at) {}

        @Override
        public void closed(String target, FailureClass why, Instant until, Instant at) {}
    }
}
