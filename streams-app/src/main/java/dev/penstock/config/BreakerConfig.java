package dev.penstock.config;

import java.time.Duration;

/**
 * When a target is left alone.
 *
 * @param consecutiveFailures failures in a row that open it
 * @param failureRatePercent share of failures among the last calls that opens it
 * @param window how many calls the share is taken of
 * @param openFor how long it stays open before probes are let through
 * @param probes calls let through then; as many successes close it
 * @param longestProbe a probe that takes longer counts as failed, so that it cannot hold the breaker
 * @param rampUp how long after closing until all calls are let through again
 */
public record BreakerConfig(
        int consecutiveFailures,
        int failureRatePercent,
        int window,
        Duration openFor,
        int probes,
        Duration longestProbe,
        Duration rampUp) {}
