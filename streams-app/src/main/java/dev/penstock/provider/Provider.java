package dev.penstock.provider;

/**
 * Makes calls, one attempt each. Blocking and safe for any number of threads; meant for virtual threads, where an interrupt
 * also ends a read from a socket.
 */
public interface Provider extends AutoCloseable {

    /**
     * Makes one attempt and returns within {@link ProviderCall#timeout()}, whatever the provider does.
     *
     * @return the answer, or why there is none; no failure of the provider or of the network is thrown
     * @throws InterruptedException if the calling thread was interrupted; the connection is closed by then, and whether the
     *     call was billed is unknown
     */
    ProviderReply call(ProviderCall call) throws InterruptedException;

    /** Closes every connection. Calls that still run end at once as failures. */
    @Override
    void close();
}
