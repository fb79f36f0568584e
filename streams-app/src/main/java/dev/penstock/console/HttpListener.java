package dev.penstock.console;

import java.time.Duration;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port with threads and connections of its own, HTTP/1.1 only. No thread waits for a client: heads, bodies and answers are read and written as they
 * come.
 */
final class HttpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    /** A browser sends the cookies of all of a host's ports to each of them. */
    private static final int HEAD_BYTES = 16 * 1024;
    /** Connections that wait in the kernel to be accepted. One that finds no place there is tried again after a second only. */
    private static final int BACKLOG = 1_024;
    /** Longer than a client may pause by the limits of ours: it is for what they do not see. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static final long STOP_MILLIS = 1_000;

    private final Place place;
    private final Server server;
    private final ServerConnector connector;

    /** Does not listen yet. */
    HttpListener(Place place, Limits limits, Handler handler) {
        this.place = place;
        this.server = new Server(threads(limits));
        server.setErrorHandler(new PlainErrors());
        ConnectionPolicy<EndPoint> policy =
                new ConnectionPolicy<>(limits.connections, limits.longestHead, limits.longestRequest, limits.slowest);
        Connections connections = new Connections(policy, limits.requests, handler);
        server.setHandler(connections);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(place.host);
        connector.setPort(place.port);
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.addBean(connections, false);
        // For those that were accepted, and are not seen by the policy yet.
        connector.addBean(new NetworkConnectionLimit(2 * limits.connections, connector));
        server.addConnector(connector);
    }

    /**
     * Where to listen.
     *
     * @param setting that says so
     * @param port 0 for any free one
     */
    record Place(String setting, String host, int port) {}

    /**
     * What a listener has and allows.
     *
     * @param name of its threads
     * @param threads one accepts, one looks what can be read, the others work
     * @param connections at once
     * @param requests that a connection is good for
     * @param longestHead how long the head of a request may take
     * @param longestRequest how long a request may take from there on, its answer included
     * @param slowest bytes per second; so slow a client may be with an answer in addition
     */
    record Limits(
            String name,
            int threads,
            int connections,
            int requests,
            Duration longestHead,
            Duration longestRequest,
            int slowest) {}

    /**
     * Listens once this returns.
     *
     * @throws ConsoleStartException when the port is taken or the address is not ours
     */
    void start() throws ConsoleStartException {
        try {
            server.start();
        } catch (Exception refused) {
            throw new ConsoleStartException(place.setting + ": " + place.host + ":" + place.port
                    + " cannot be listened on (expected: an own address and a free port, or port 0 for any;"
                    + " each instance on a host needs a console.port and a console.probes_port of its own)");
        }
    }

    private static QueuedThreadPool threads(Limits limits) {
        QueuedThreadPool threads = new QueuedThreadPool(limits.threads, limits.threads);
        threads.setName(limits.name);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(STOP_MILLIS);
        return threads;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEAD_BYTES);
        // The guard judges both hosts of a target that names one.
        http.setHttpCompliance(HttpCompliance.STRICT.with("console", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        return http;
    }

    /** The port it took. */
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failed) {
            LOG.warn("a listener was not closed in order", failed);
        }
    }
}
