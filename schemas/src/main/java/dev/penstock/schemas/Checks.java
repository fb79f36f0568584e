package dev.penstock.schemas;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The checks of compact constructors; each message prints name, value and rule. */
final class Checks {

    private Checks() {}

    static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + rule + ")");
        }
    }

    static void positive(String name, long value) {
        require(value > 0, name, value, "at least 1");
    }

    static void positive(String name, Duration value) {
        require(value.isPositive(), name, value, "longer than zero");
    }

    static void notNegative(String name, long value) {
        require(value >= 0, name, value, "at least 0");
    }

    /** What is longer could be written but not read again. Prints the length alone: the text may be anybody's. */
    static void text(String name, String value) {
        int length = value.codePointCount(0, value.length());
        require(
                length >= 1 && length <= Fields.MAX_TEXT,
                name,
                length + " characters",
                "1.." + Fields.MAX_TEXT + " characters");
    }

    static void textOrNull(String name, @Nullable String value) {
        if (value != null) {
            text(name, value);
        }
    }

    static void tenant(String name) {
        require(Tenant.isValid(name), "tenant", name.length() + " characters", Tenant.RULE);
    }

    static void statusCode(int statusCode) {
        require(statusCode >= 100 && statusCode <= 599, "status_code", statusCode, "100..599");
    }

    static void instant(String name, Instant value) {
        require(Rfc3339.canHold(value), name, value, "a year of 0000..9999");
    }
}
