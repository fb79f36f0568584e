package dev.penstock.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random ids, but for a span whose ids are given. */
final class GivenIds implements IdGenerator {

    private static final ThreadLocal<@Nullable TraceContext> GIVEN = new ThreadLocal<>();

    private final IdGenerator random = IdGenerator.random();

    /** The span that the action starts has the ids of the context. */
    static <T> T with(TraceContext ids, Supplier<T> action) {
        GIVEN.set(ids);
        try {
            return action.get();
        } finally {
            GIVEN.remove();
        }
    }

    @Override
    public String generateSpanId() {
        TraceContext given = GIVEN.get();
        return given == null ? random.generateSpanId() : given.spanId();
    }

    @Override
    public String generateTraceId() {
        TraceContext given = GIVEN.get();
        return given == null ? random.generateTraceId() : given.traceId();
    }
}
