package dev.penstock.provider.http;

import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpEntityContainer;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * After which responses a connection may be used again, by what their heads say. One that has no body by its status gives its
 * connection back before anybody has looked at it, so it costs the connection.
 */
final class ReuseStrategy implements ConnectionReuseStrategy {

    private final boolean fresh;

    /** @param fresh after none */
    ReuseStrategy(boolean fresh) {
        this.fresh = fresh;
    }

    @Override
    public boolean keepAlive(HttpRequest request, HttpResponse response, HttpContext context) {
        boolean withBody = response instanceof HttpEntityContainer message && message.getEntity() != null;
        boolean framedTwice = response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
                && response.containsHeader(HttpHeaders.CONTENT_LENGTH);
        return !fresh
                && withBody
                && !framedTwice
                && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
    }
}
