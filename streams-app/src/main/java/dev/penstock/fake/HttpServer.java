package dev.penstock.fake;

import java.net.BindException;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that speaks HTTP/1.1: a thread accepts, one waits for what can be read, and each request has a virtual thread. */
final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Ten thousand callers may connect at once; the kernel cuts this to its own limit. */
    private static final int ACCEPT_BACKLOG = 16_384;

    private static final int HEAD_BYTES = 16 * 1024;
    private static final int PLATFORM_THREADS = 4;
    private static final Duration IDLE = Duration.ofHours(1);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;

    private HttpServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Listens once this returns.
     *
     * @param port 0 for any free one
     * @throws BindException when the port is taken or the address is not ours
     */
    static HttpServer start(String host, int port, Handler handler) throws BindException {
        QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS, PLATFORM_THREADS);
        threads.setName("fake");
        threads.setDaemon(true);
        threads.setStopTimeout(STOP.toMillis());
        // Requests leave the platform threads at once, for a virtual thread each.
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(Thread::startVirtualThread);
        Server server = new Server(threads);
        server.setHandler(handler);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_BACKLOG);
        connector.setAcceptedTcpNoDelay(true);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        HttpServer started = new HttpServer(server, connector);
        try {
            server.start();
        } catch (Exception refused) {
            started.close();
            throw new BindException(host + ":" + port);
        }
        return started;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEAD_BYTES);
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
            LOG.warn("the server of the fake provider was not closed in order", failed);
        }
    }
}
