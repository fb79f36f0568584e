package dev.penstock.tracing;

import dev.penstock.config.ConfigException;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.Provider;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.work.CallTrace;
import dev.penstock.work.Origin;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Spans of an instance. Safe for all threads; nothing here blocks but {@link #close()}. */
public interface Tracing extends AutoCloseable {

    /** No spans. Trace context is carried on as it came. */
    Tracing OFF = new NoTracing();

    /**
     * What the environment asks for: {@link #OFF} unless {@code OTEL_TRACES_EXPORTER} or an {@code OTEL_EXPORTER_OTLP_*ENDPOINT} is
     * set.
     *
     * @param version of the program
     * @param instance its name
     * @throws ConfigException if a value makes no sense to the SDK
     */
    static Tracing of(Map<String, String> environment, String version, String instance) throws ConfigException {
        OtelEnvironment otel = new OtelEnvironment(environment);
        return otel.asksForTraces() ? OpenTelemetryTracing.start(otel, version, instance) : OFF;
    }

    /** A span around each attempt of the provider. */
    Provider around(TargetConfig target, Provider provider);

    /** What the calls for a request are children of. */
    CallTrace callTrace();

    /**
     * A request ended.
     *
     * @param source where the answer came from; null if there is none
     * @param code why there is none; null if there is one
     */
    void ended(
            Origin origin,
            String tenant,
            Instant admittedAt,
            @Nullable Source source,
            @Nullable DeadLetterCode code,
            Instant now);

    /** Sends what is left, for a few seconds at most. */
    @Override
    void close();
}
