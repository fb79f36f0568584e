package dev.penstock.tracing;

import dev.penstock.config.ConfigException;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.Provider;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.work.CallTrace;
import dev.penstock.work.Origin;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Spans by OpenTelemetry's SDK, set up by its own variables. */
final class OpenTelemetryTracing implements Tracing {

    private static final long CLOSE_SECONDS = 3;
    private static final Duration EXPORT = Duration.ofSeconds(10);

    private final OpenTelemetrySdk sdk;
    private final Sampler sampler;
    private final Tracer tracer;

    private OpenTelemetryTracing(OpenTelemetrySdk sdk, Sampler sampler, String version) {
        this.sdk = sdk;
        this.sampler = sampler;
        this.tracer = sdk.getTracerProvider().get("dev.penstock", version);
    }

    static Tracing start(OtelEnvironment environment, String version, String instance) throws ConfigException {
        Resource own = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.version"), version,
                AttributeKey.stringKey("service.instance.id"), instance));
        AtomicReference<Sampler> chosen = new AtomicReference<>(Sampler.parentBased(Sampler.alwaysOn()));
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(properties -> environment.properties())
                    .addResourceCustomizer((resource, properties) -> own.merge(resource))
                    .addSamplerCustomizer((sampler, properties) -> {
                        chosen.set(sampler);
                        return sampler;
                    })
                    .addTracerProviderCustomizer((provider, properties) -> provider.setIdGenerator(new GivenIds()))
                    .addSpanExporterCustomizer(OpenTelemetryTracing::limited)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            return new OpenTelemetryTracing(sdk, chosen.get(), version);
        } catch (ConfigurationException wrong) {
            throw new ConfigException(
                    List.of("OTEL_*: " + environment.withoutValues(String.valueOf(wrong.getMessage()))));
        }
    }

    /** The exporter, with a limit on the time of an export as a whole. */
    private static SpanExporter limited(SpanExporter exporter, ConfigProperties properties) {
        if (!(exporter instanceof OtlpHttpSpanExporter http)) {
            return exporter;
        }
        Duration limit = properties.getDuration(
                "otel.exporter.otlp.traces.timeout", properties.getDuration("otel.exporter.otlp.timeout", EXPORT));
        // To the SDK, zero is no limit.
        SpanExporter limited = http.toBuilder()
                .setExecutorService(new ExportThreads(limit.isPositive() ? limit : EXPORT))
                .build();
        exporter.shutdown();
        return limited;
    }

    @Override
    public Provider around(TargetConfig target, Provider provider) {
        return new TracedProvider(provider, tracer, target);
    }

    @Override
    public CallTrace callTrace() {
        return origin -> {
            TraceContext context = TraceContext.of(origin);
            boolean sampled = context.parent().isValid() ? context.parent().isSampled() : samples(context, origin);
            return TraceContext.write(context.traceId(), context.spanId(), sampled);
        };
    }

    /** As it will be decided when the request's own span is written. */
    private boolean samples(TraceContext context, Origin origin) {
        return sampler.shouldSample(
                                Context.root(),
                                context.traceId(),
                                name(origin),
                                SpanKind.CONSUMER,
                                Attributes.empty(),
                                List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private static String name(Origin origin) {
        return "process " + origin.id().topic();
    }

    @Override
    public void ended(
            Origin origin,
            String tenant,
            Instant admittedAt,
            @Nullable Source source,
            @Nullable DeadLetterCode code,
            Instant now) {
        TraceContext context = TraceContext.of(origin);
        SpanBuilder builder = tracer.spanBuilder(name(origin))
                .setParent(Context.root().with(Span.wrap(context.parent())))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(admittedAt)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "process")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", origin.id().topic())
                .setAttribute(
                        "messaging.destination.partition.id",
                        Integer.toString(origin.id().partition()))
                .setAttribute("messaging.kafka.offset", origin.id().offset())
                .setAttribute("penstock.request_id", origin.id().toString())
                .setAttribute("penstock.tenant", tenant);
        Span span = GivenIds.with(context, builder::startSpan);
        if (source != null) {
            span.setAttribute("penstock.source", source.wireName());
        }
        if (code != null) {
            span.setAttribute("error.type", code.code());
            span.setStatus(StatusCode.ERROR);
        }
        span.end(now);
    }

    @Override
    public void close() {
        sdk.getSdkTracerProvider().shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
        sdk.close();
    }
}
