package dev.penstock.dispatch;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.AttemptMetrics;
import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.CallTrace;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.Reservations;
import dev.penstock.work.Transactions;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The dispatch stage, ready to be wired, and the runner that belongs to it. */
public final class Dispatch {

    private final PenstockConfig config;
    private final Map<String, TargetConfig> targets;
    private final AttemptChoice choice;
    private final PromptFitting fitting;
    private final CallTrace trace;

    /**
     * @param plan says where an attempt goes
     * @param entrances says whether it may
     * @param metrics is told what the plan says
     * @param fitting shortens prompts
     * @param trace says what calls are part of
     */
    public Dispatch(
            PenstockConfig config,
            AttemptPlan plan,
            Targets entrances,
            AttemptMetrics metrics,
            PromptFitting fitting,
            CallTrace trace) {
        this.trace = trace;
        this.fitting = fitting;
        this.config = config;
        this.targets = config.targets().stream().collect(Collectors.toMap(TargetConfig::name, Function.identity()));
        this.choice = new AttemptChoice(plan, entrances, metrics);
    }

    /** The runner that makes this instance's calls. */
    public VirtualThreadCallRunner runner(OutcomePublisher publisher, Permits permits, InstantSource clock) {
        return new VirtualThreadCallRunner(
                new CallAttempts(choice, targets, fitting, config.retry().longestWait(), trace, clock),
                publisher,
                permits,
                clock);
    }

    /**
     * The stage that takes calls in and their outcomes back.
     *
     * @param self this instance and run
     * @param permits shared by all tasks of the instance
     * @param reservations opens the budgets of a task
     */
    public ProcessorSupplier<String, Object, String, Object> stage(
            Owner self,
            Permits permits,
            CallRunner runner,
            Transactions transactions,
            IntakeGate gate,
            WaitingListener listener,
            Reservations.Opener reservations,
            DispatchRoutes routes) {
        DispatchParts parts = new DispatchParts(
                new DispatchPolicy(config.dispatch(), config.retry(), self),
                choice,
                new AttemptTimeouts(targets),
                targets,
                config.dispatch().tenantMaxInFlight(),
                config.budgets(),
                permits,
                runner,
                transactions,
                gate,
                listener,
                new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES)),
                reservations,
                routes);
        return () -> new DispatchProcessor(parts);
    }
}
