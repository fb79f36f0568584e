package dev.penstock.work;

import org.jspecify.annotations.Nullable;

/**
 * Where a request record came from, and what travels with it to every record that descends from it.
 *
 * @param id the position on the requests topic
 * @param timestampMillis the record's own time as its producer set it; never trusted for a decision
 * @param redriveCount how often this request was replayed from the dead letters
 * @param traceparent the W3C trace context of the request, if it had a well-formed one
 */
public record Origin(
        RequestId id,
        long timestampMillis,
        int redriveCount,
        @Nullable String traceparent) {}
