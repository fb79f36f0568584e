package dev.penstock.provider.http;

import org.apache.hc.client5.http.classic.methods.HttpPost;

/** One request while it is under way: whether it was sent, and whether it was ended for us or by us. */
final class Exchange {

    private final HttpPost request;
    private final SentFlag sent;
    private volatile boolean timedOut;

    Exchange(HttpPost request, SentFlag sent) {
        this.request = request;
        this.sent = sent;
    }

    HttpPost request() {
        return request;
    }

    /** The time is up: closes the socket, wherever the call is by now. */
    void timeOut() {
        timedOut = true;
        abort();
    }

    /** Closes the connection instead of giving it back. Harmless once the connection was given back. */
    void abort() {
        request.cancel();
    }

    /** Also where somebody noticed before the timer did. */
    boolean timedOut() {
        return timedOut || sent.isTooLate();
    }

    boolean possiblySent() {
        return sent.possiblySent();
    }
}
