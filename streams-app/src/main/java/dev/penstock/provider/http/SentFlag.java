package dev.penstock.provider.http;

/** Whether any of a request's body may have left: as long as it has not, nothing can have been billed. */
final class SentFlag {

    private volatile boolean possiblySent;

    void raise() {
        possiblySent = true;
    }

    boolean possiblySent() {
        return possiblySent;
    }
}
