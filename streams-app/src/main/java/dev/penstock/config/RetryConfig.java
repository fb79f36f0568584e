package dev.penstock.config;

import java.time.Duration;

/**
 * When a failed call is tried again.
 *
 * @param attemptsPerTarget attempts at one target before the call is parked; a parked call starts to count anew
 * @param base the first backoff; each further one doubles, and each is drawn between zero and that
 * @param cap the longest backoff
 * @param budgetPercent retries at a target that failed already, in percent of calls
 * @param budgetFloor retries in ten seconds that are granted however few calls there are
 * @param longestWait a longer wait gives the permit back and parks the call
 * @param parkBase how long a call is parked whose quick attempts are used up; doubles each time
 * @param parkCap the longest that such a call is parked
 * @param maxBilledAttempts attempts of one request that may have been billed; after that it ends
 */
public record RetryConfig(
        int attemptsPerTarget,
        Duration base,
        Duration cap,
        int budgetPercent,
        int budgetFloor,
        Duration longestWait,
        Duration parkBase,
        Duration parkCap,
        int maxBilledAttempts) {}
