package dev.penstock.outcome;

import dev.penstock.schemas.WireCodec;
import dev.penstock.work.Emission;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The outcome stage, ready to be wired: what comes in from calls, and what leaves the pipeline. */
public final class Outcomes {

    private Outcomes() {}

    /** Reads records of the outcomes topic. */
    public static ProcessorSupplier<byte[], byte[], String, Object> arrival() {
        return () -> new OutcomeArrival(new WireCodec());
    }

    /**
     * Writes everything that leaves the pipeline.
     *
     * @param maxRecordBytes the largest record that every producer and topic takes
     * @param appVersion noted in dead letters
     * @param listener is told of every terminal
     */
    public static ProcessorSupplier<String, Emission, byte[], byte[]> emission(
            int maxRecordBytes, String appVersion, TerminalListener listener, EmitRoutes routes) {
        return () -> new EmitProcessor(
                new WireCodec(), new SizeGuard(maxRecordBytes), new DeadLetters(appVersion), listener, routes);
    }
}
