package dev.penstock.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One place that calls can be sent to. Each decorator adds one concern around the next; {@link ProviderStack} has them in
 * order. Safe for any number of threads; neither method blocks or makes a call.
 */
public interface Target {

    String name();

    /**
     * Whether a call could enter now. Reserves nothing.
     *
     * @param tenant whose; null for that of any
     */
    Availability look(@Nullable String tenant, Instant now);

    /**
     * Enters, if everything here has room.
     *
     * @param tenant whose call it is
     * @param tokens the most that the call can use, input and output; counts against the tokens a minute
     */
    Entry enter(String tenant, long tokens, Instant now);
}
