package dev.penstock.dispatch;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The dispatch stage, ready to be wired. */
public final class Dispatch {

    private Dispatch() {}

    /**
     * The stage that takes calls in and their outcomes back.
     *
     * @param self this instance and run
     * @param permits shared by all tasks of the instance
     */
    public static ProcessorSupplier<String, Object, String, Object> stage(
            PenstockConfig config,
            Owner self,
            Permits permits,
            CallRunner runner,
            Transactions transactions,
            IntakeGate gate,
            DispatchRoutes routes) {
        DispatchParts parts = new DispatchParts(
                new DispatchPolicy(config.dispatch(), config.provider().timeout(), self),
                permits,
                runner,
                transactions,
                gate,
                new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES)),
                config.provider().name(),
                routes);
        return () -> new DispatchProcessor(parts);
    }
}
