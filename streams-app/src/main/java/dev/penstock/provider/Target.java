package dev.penstock.provider;

import java.time.Instant;

/**
 * One place that calls can be sent to. Each decorator adds one concern around the next; {@link ProviderStack} has them in
 * order. Safe for any number of threads; neither method blocks or makes a call.
 */
public interface Target {

    String name();

    /** Whether a call could enter now. Reserves nothing. */
    Availability look(Instant now);

    /**
     * Enters, if everything here has room.
     *
     * @param tokens the most that the call can use, input and output; counts against the tokens a minute
     */
    Entry enter(long tokens, Instant now);
}
