package dev.penstock.provider.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that never logs what passes through it. The client's own one prints headers and bodies, so keys and prompts,
 * whenever somebody sets its loggers to DEBUG.
 */
final class SilentConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    private static final Timeout PROBE = Timeout.ofMilliseconds(1);

    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param config bounds lines; its bound on the number of headers is the parser's to keep
     * @param parsers made with the same limits
     */
    SilentConnection(Http1Config config, DefaultHttpResponseParserFactory parsers) {
        super(config, null, null, null, null, null, parsers);
    }

    /** Called before and after a socket connects, so a close in between ends the connecting. */
    @Override
    public void bind(Socket socket) throws IOException {
        refuseIfClosed(socket);
        super.bind(socket);
    }

    @Override
    public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
        refuseIfClosed(socket);
        super.bind(sslSocket, socket);
    }

    private void refuseIfClosed(Socket socket) throws IOException {
        if (closed.get()) {
            socket.close();
            throw new InterruptedIOException("connection was closed while it was opened");
        }
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public @Nullable SSLSession getSSLSession() {
        return getSocket() instanceof SSLSocket ssl ? ssl.getSession() : null;
    }

    /** Bytes that nobody asked for would be taken for the next call's answer: such a connection is as bad as a closed one. */
    @Override
    public boolean isStale() throws IOException {
        return super.isStale() || isDataAvailable(PROBE);
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            super.close();
        }
    }

    @Override
    public void close(CloseMode mode) {
        if (closed.compareAndSet(false, true)) {
            super.close(mode);
        }
    }

    @Override
    public void passivate() {}

    @Override
    public void activate() {}
}
