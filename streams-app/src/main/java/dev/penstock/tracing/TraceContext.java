package dev.penstock.tracing;

import dev.penstock.work.Origin;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where the span of a request stands. Its ids are made of the request's identity: the calls that it is the parent of are made
 * before it is written, and maybe by another instance.
 *
 * @param parent what the request came with; not valid if it came with nothing
 * @param traceId the parent's, or the request's own
 */
record TraceContext(SpanContext parent, String traceId, String spanId) {

    private static final int TRACE_ID = 3;
    private static final int SPAN_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;
    private static final int SPAN_ID_BYTES = 8;
    private static final int TRACE_ID_BYTES = 16;

    /** The time is part of it, since offsets begin anew when a topic is made anew. */
    static TraceContext of(Origin origin) {
        byte[] hash = sha256(origin.id() + "|" + origin.timestampMillis());
        HexFormat hex = HexFormat.of();
        SpanContext parent = read(origin.traceparent());
        String traceId = parent.isValid()
                ? parent.getTraceId()
                : hex.formatHex(hash, SPAN_ID_BYTES, SPAN_ID_BYTES + TRACE_ID_BYTES);
        return new TraceContext(parent, traceId, hex.formatHex(hash, 0, SPAN_ID_BYTES));
    }

    /** Of a {@code traceparent} that is well formed; not valid if there is none, or if its ids are zero. */
    static SpanContext read(@Nullable String traceparent) {
        if (traceparent == null || traceparent.length() != LENGTH) {
            return SpanContext.getInvalid();
        }
        return SpanContext.createFromRemoteParent(
                traceparent.substring(TRACE_ID, SPAN_ID - 1),
                traceparent.substring(SPAN_ID, FLAGS - 1),
                TraceFlags.fromHex(traceparent, FLAGS),
                TraceState.getDefault());
    }

    static String write(SpanContext span) {
        return write(span.getTraceId(), span.getSpanId(), span.isSampled());
    }

    static String write(String traceId, String spanId, boolean sampled) {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
