package dev.penstock.provider.http;

import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The HTTP client with everything off that decides for itself, and its connections. */
final class ConnectionPool implements AutoCloseable {

    /** Shorter than the 5 s after which common servers (uvicorn, Node) close an idle connection. */
    private static final Duration KEEP_IDLE = Duration.ofSeconds(4);

    /** A look for an end costs a millisecond or two, so connections in steady use are spared it; leftover bytes are looked for always. */
    private static final Duration CHECK_AFTER_IDLE = Duration.ofSeconds(1);

    /** Addresses behind a name change: no connection outlives this. */
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;

    ConnectionPool(HttpSettings settings, BoundedDnsResolver.Lookup lookup) {
        this.connections = connections(settings, lookup);
        this.client = HttpClients.custom()
                .setConnectionManager(connections)
                .setConnectionReuseStrategy(new ReuseStrategy(settings.freshConnections()))
                .setKeepAliveStrategy(keepAlive())
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.of(KEEP_IDLE))
                .setUserAgent("penstock")
                .setDefaultHeaders(headers(settings))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .build();
    }

    /** A server that knows that nothing will follow need not keep the connection. */
    private static List<Header> headers(HttpSettings settings) {
        return settings.freshConnections()
                ? List.of(new BasicHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE))
                : List.of();
    }

    CloseableHttpClient client() {
        return client;
    }

    PoolStats stats() {
        return connections.getTotalStats();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private static PoolingHttpClientConnectionManager connections(
            HttpSettings settings, BoundedDnsResolver.Lookup lookup) {
        Http1Config limits = limits();
        DefaultHttpResponseParserFactory parsers = new DefaultHttpResponseParserFactory(limits);
        Timeout connectTimeout = Timeout.of(settings.connectTimeout());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(socket -> {
                    SilentConnection connection = SilentConnection.of(limits, parsers);
                    if (socket != null) {
                        connection.bind(socket);
                    }
                    return connection;
                })
                .setDnsResolver(new BoundedDnsResolver(settings.connectTimeout(), lookup))
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connectTimeout).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTimeout)
                        .setValidateAfterInactivity(TimeValue.of(CHECK_AFTER_IDLE))
                        .setTimeToLive(TimeValue.of(TIME_TO_LIVE))
                        .build())
                .build();
    }

    /** Without these a header could be endless. The buffers are small because there may be ten thousand of them. */
    private static Http1Config limits() {
        return Http1Config.custom()
                .setBufferSize(4 * 1024)
                .setMaxLineLength(16 * 1024)
                .setMaxHeaderCount(200)
                .setMaxEmptyLineCount(5)
                .build();
    }

    private static ConnectionKeepAliveStrategy keepAlive() {
        TimeValue longest = TimeValue.of(KEEP_IDLE);
        return (response, context) -> {
            TimeValue asked = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            return TimeValue.isNonNegative(asked) && asked.compareTo(longest) < 0 ? asked : longest;
        };
    }
}
