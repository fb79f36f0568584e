package dev.penstock.intake;

import dev.penstock.config.DispatchConfig;
import dev.penstock.config.IntakeConfig;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The intake stage, ready to be wired. */
public final class Intake {

    private Intake() {}

    /**
     * @param partitionOf the partition that a tenant's records belong to
     * @param reroutedTopic the topic whose records were rerouted once already
     */
    public static ProcessorSupplier<byte[], byte[], Object, Object> stage(
            IntakeConfig intake,
            DispatchConfig dispatch,
            ToIntFunction<String> partitionOf,
            String reroutedTopic,
            IntakeRoutes routes) {
        IntakePolicy policy = new IntakePolicy(intake, dispatch, partitionOf);
        ArrivalReader reader = new ArrivalReader(reroutedTopic);
        return () -> new IntakeProcessor(policy, reader, routes);
    }
}
