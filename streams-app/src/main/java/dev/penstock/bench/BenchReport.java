package dev.penstock.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a run measured.
 *
 * @param requests measured requests
 * @param successPercent how many of them ended as a result, within their deadlines
 * @param throughputPerS from the first one sent to the last result readable
 * @param addedLatencyMs from sent to readable, less the provider's latency once; means something below saturation only
 * @param attemptsPerRequest calls that the provider got for each of them
 * @param inFlightMax calls that the provider had open at once, at most
 * @param providerCallsPerSRaw the same HTTP client against the same provider, without a pipeline
 * @param cpuSPer1k processor seconds of this process for a thousand requests
 * @param maxRssMb largest resident size of this process
 * @param startS from the start of the pipeline until it was ready
 */
public record BenchReport(
        int requests,
        @JsonProperty("success_percent") double successPercent,
        @JsonProperty("throughput_per_s") double throughputPerS,
        @JsonProperty("added_latency_ms") Latencies addedLatencyMs,
        @JsonProperty("attempts_per_request") double attemptsPerRequest,
        @JsonProperty("in_flight_max") long inFlightMax,
        @JsonProperty("provider_calls_per_s_raw") double providerCallsPerSRaw,
        @JsonProperty("cpu_s_per_1k") double cpuSPer1k,
        @JsonProperty("max_rss_mb") long maxRssMb,
        @JsonProperty("start_s") double startS) {}
