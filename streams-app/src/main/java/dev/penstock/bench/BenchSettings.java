package dev.penstock.bench;

import java.time.Duration;

/**
 * What to measure.
 *
 * @param requests measured requests
 * @param ratePerSecond requests a second, 0 for as many as go
 * @param providerLatency how long the provider takes for each call
 * @param errorPercent calls that the provider answers with 500
 * @param hangPercent calls that the provider never answers
 * @param providerTimeout how long an attempt may take
 * @param payloadBytes size of each prompt
 * @param tenants how many tenants share the load, round robin
 * @param partitions partitions of every topic
 * @param threads stream threads
 * @param permits calls in flight at once
 * @param commitInterval between transactions
 * @param warmUp load of the same kind before the measured requests
 * @param budget whether every tenant is held to a budget, which holds all of the load
 * @param policies how many tenants have a policy of their own, which holds it too
 * @param prompts different prompts of each tenant, over and over; 0 where no two are alike
 * @param saving which stages are on that save calls and tokens
 * @param separate whether broker and provider run in processes of their own
 * @param soak whether to say once a minute what the run holds on to; answers are then remembered for a short time only,
 *     so that what is kept reaches its size within minutes
 */
public record BenchSettings(
        int requests,
        int ratePerSecond,
        Duration providerLatency,
        int errorPercent,
        int hangPercent,
        Duration providerTimeout,
        int payloadBytes,
        int tenants,
        int partitions,
        int threads,
        int permits,
        Duration commitInterval,
        Duration warmUp,
        boolean budget,
        int policies,
        int prompts,
        Saving saving,
        boolean separate,
        boolean soak) {

    /**
     * Stages that save.
     *
     * @param cache requests share answers and calls
     * @param batching requests share prompts
     * @param others requests leave the tier open, and prompts are measured against a context
     */
    public record Saving(boolean cache, boolean batching, boolean others) {}

    /** What the fake provider is to do, as it reads it. */
    String providerScript() {
        String faults = errorPercent + hangPercent == 0
                ? ""
                : "faults: [{rate: %s, status: 500}, {rate: %s, hang: true}]%n"
                        .formatted(errorPercent / 100.0, hangPercent / 100.0);
        return "latency: " + providerLatency.toMillis() + "ms\n" + faults;
    }
}
