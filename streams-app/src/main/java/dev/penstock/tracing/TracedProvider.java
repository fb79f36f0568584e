package dev.penstock.tracing;

import dev.penstock.config.TargetConfig;
import dev.penstock.provider.AroundAttempt;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** A span around each attempt; the provider is sent that span's context. */
final class TracedProvider implements Provider {

    private final Provider next;
    private final Tracer tracer;
    private final GenAiSpan attributes;

    TracedProvider(Provider next, Tracer tracer, TargetConfig target) {
        this.next = next;
        this.tracer = tracer;
        this.attributes = new GenAiSpan(target);
    }

    @Override
    public ProviderReply call(ProviderCall call) throws InterruptedException {
        Span span = attributes
                .begin(tracer, call.body())
                .setParent(Context.root().with(Span.wrap(TraceContext.read(call.traceparent()))))
                .startSpan();
        @Nullable ProviderReply reply = null;
        try {
            reply = next.call(call.tracedAs(TraceContext.write(span.getSpanContext())));
            return reply;
        } finally {
            end(span, reply);
        }
    }

    private static void end(Span span, @Nullable ProviderReply reply) {
        AroundAttempt.guarded(TracedProvider.class, () -> {
            GenAiSpan.end(span, reply);
            span.end();
        });
    }

    @Override
    public void close() {
        next.close();
    }
}
