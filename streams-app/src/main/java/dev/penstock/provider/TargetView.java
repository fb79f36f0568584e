package dev.penstock.provider;

/**
 * A target as it looks now.
 *
 * @param breaker {@code closed}, {@code ramping_up}, {@code half_open} or {@code open}
 * @param gate {@code open}, {@code one_at_a_time}, {@code rate_limited}, or why it is closed: {@code throttled},
 *     {@code spend_capped}, {@code credentials}
 */
public record TargetView(String name, Availability availability, String breaker, String gate) {}
