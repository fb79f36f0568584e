package dev.penstock.bench;

import java.time.Duration;

/**
 * What to measure.
 *
 * @param requests measured requests
 * @param ratePerSecond requests a second, 0 for as many as go
 * @param providerLatency how long the provider takes for each call
 * @param payloadBytes size of each prompt
 * @param tenants how many tenants share the load, round robin
 * @param partitions partitions of every topic
 * @param threads stream threads
 * @param permits calls in flight at once
 * @param commitInterval between transactions
 * @param warmUp load of the same kind before the measured requests
 * @param separate whether broker and provider run in processes of their own
 */
public record BenchSettings(
        int requests,
        int ratePerSecond,
        Duration providerLatency,
        int payloadBytes,
        int tenants,
        int partitions,
        int threads,
        int permits,
        Duration commitInterval,
        Duration warmUp,
        boolean separate) {}
