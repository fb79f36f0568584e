package dev.penstock.work;

import org.jspecify.annotations.Nullable;

/** Says which trace the calls for a request belong to. Safe for all threads. */
@FunctionalInterface
public interface CallTrace {

    /** The one that the request came with. */
    CallTrace AS_IT_CAME = Origin::traceparent;

    /** W3C trace context that the calls are children of; null if there is none. */
    @Nullable
    String of(Origin origin);
}
