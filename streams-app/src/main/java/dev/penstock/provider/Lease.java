package dev.penstock.provider;

/**
 * The right to make one attempt at a target. Exactly one of the two methods is called, once: until then the lease holds a
 * permit, a place in the rate and maybe the only probe of the target.
 */
public interface Lease {

    /**
     * Makes the attempt and gives everything back, whatever comes of it.
     *
     * @throws InterruptedException as {@link Provider#call} does
     */
    ProviderReply call(ProviderCall call) throws InterruptedException;

    /** Gives everything back; no attempt was made. */
    void cancel();
}
