package dev.penstock.provider;

/**
 * A target as it looks now.
 *
 * @param breaker {@code closed}, {@code ramping_up}, {@code half_open} or {@code open}
 * @param gate {@code open}, {@code one_at_a_time}, {@code rate_limited}, or why it is closed: {@code throttled},
 *     {@code spend_capped}, {@code credentials}
 */
public record TargetView(String name, Availability availability, String breaker, String gate) {

    /** How a gate looks whose rate is used up. */
    static final String RATE_LIMITED = "rate_limited";

    /** Whether a rate keeps calls out: it may open before the time that is known, where a call uses less than it might. */
    public boolean isRateLimited() {
        return gate.equals(RATE_LIMITED);
    }

    TargetView as(Availability seen) {
        return new TargetView(name, seen, breaker, gate);
    }
}
