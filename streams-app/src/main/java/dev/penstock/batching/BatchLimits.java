package dev.penstock.batching;

import java.time.Duration;

/**
 * When a window closes.
 *
 * @param maxItems members of a call, at least 2
 * @param window the longest that a member waits for others
 * @param maxTokens input tokens of all members together
 * @param callTime what a member's deadline must leave for the call itself, after the longest wait
 */
record BatchLimits(int maxItems, Duration window, long maxTokens, Duration callTime) {

    BatchLimits {
        require(maxItems >= 2, "maxItems", maxItems, "at least 2");
        require(window.isPositive(), "window", window, "longer than zero");
        require(maxTokens >= 1, "maxTokens", maxTokens, "at least 1");
        require(!callTime.isNegative(), "callTime", callTime, "not negative");
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + rule + ")");
        }
    }
}
