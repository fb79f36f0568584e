package dev.penstock.budget;

import java.time.Instant;

/**
 * One day, one month or one stretch of a fixed length.
 *
 * @param start its first instant
 * @param end the first instant after it
 */
public record Period(Instant start, Instant end) {

    public Period {
        if (!end.isAfter(start)) {
            throw new IllegalArgumentException("end: " + end + " (expected: after " + start + ")");
        }
    }

    boolean contains(Instant time) {
        return !time.isBefore(start) && time.isBefore(end);
    }
}
