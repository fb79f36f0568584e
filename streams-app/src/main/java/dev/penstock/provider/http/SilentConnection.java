package dev.penstock.provider.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose answers belong to their calls. It is used again only if nothing can be read from it before a call, and it
 * takes no answer for a call's that was there before the call was written. It never logs what passes through it: the client's
 * own one prints headers and bodies, so keys and prompts, whenever somebody sets its loggers to DEBUG.
 */
final class SilentConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    private static final Timeout PROBE = Timeout.ofMilliseconds(1);

    /** A server that works on one call for an hour may say so every half minute. */
    private static final int MAX_INTERIM = 128;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final HeadParser heads;
    private volatile @Nullable Socket raw;
    private boolean used;
    private boolean early;
    private int interim;

    private SilentConnection(Http1Config config, HeadParser heads) {
        super(
                config,
                null,
                null,
                null,
                null,
                (request, connection, in, sent, next) -> ((SilentConnection) connection).noteEarlyBytes(),
                null,
                limits -> heads);
        this.heads = heads;
    }

    /**
     * @param config bounds lines; its bound on the number of headers is the parser's to keep
     * @param parsers made with the same limits
     */
    static SilentConnection of(Http1Config config, DefaultHttpResponseParserFactory parsers) {
        return new SilentConnection(config, new HeadParser(parsers.create()));
    }

    /** Called before and after a socket connects, so a close in between ends the connecting. */
    @Override
    public void bind(Socket socket) throws IOException {
        refuseIfClosed(socket);
        raw = socket;
        super.bind(socket);
    }

    @Override
    public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
        refuseIfClosed(socket);
        raw = socket;
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

    /** @throws LeftoverBytesException if the last call left something behind; nothing of this one was written */
    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        if (used && isReadable()) {
            throw new LeftoverBytesException();
        }
        used = true;
        early = false;
        interim = 0;
        super.sendRequestHeader(request);
    }

    /**
     * Asked before each write of a body, so once at least before the last byte has left. What TLS says for itself is no
     * answer, and only reading tells which it is; the timer of the call ends that.
     *
     * @return false: a refusal may be early, and the request goes on all the same
     */
    private boolean noteEarlyBytes() throws IOException {
        early = early || (isReadable() && (getSSLSession() == null || isDataAvailable(PROBE)));
        return false;
    }

    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        ClassicHttpResponse response = super.receiveResponseHeader();
        int kind = response.getCode() / 100;
        if (kind == 1) {
            passInterim(response.getCode());
        } else if (kind == 2 && early) {
            throw new UnaskedResponseException("provider answered before the request was complete");
        }
        return response;
    }

    /** A server may say that it goes on before all of a request has come; then the bytes that were early are gone. */
    private void passInterim(int status) throws HttpException, IOException {
        if (status == 101 || ++interim > MAX_INTERIM) {
            throw new UnaskedResponseException(
                    "provider sent interim responses without an end or changed the protocol");
        }
        early = early && isReadable();
    }

    /** Asked whenever a call gives the connection back. */
    @Override
    public boolean isConsistent() {
        try {
            return super.isConsistent() && !early && !isReadable();
        } catch (IOException broken) {
            return false;
        }
    }

    /** Bytes that no call has read: in our buffer, decrypted by TLS, or below it. Never waits. */
    private boolean isReadable() throws IOException {
        return heads.hasUnread() || isReadable(getSocket()) || isReadable(raw);
    }

    private static boolean isReadable(@Nullable Socket socket) throws IOException {
        return socket != null && socket.getInputStream().available() > 0;
    }

    /** Asked of one that was idle for long. Waits for a millisecond, whatever the server sends meanwhile. */
    @Override
    public boolean isStale() throws IOException {
        Socket socket = raw;
        return socket == null || !isOpen() || isReadable() || hasEnded(socket);
    }

    private static boolean hasEnded(Socket socket) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(PROBE.toMillisecondsIntBound());
        try {
            int endOrUnasked = socket.getInputStream().read();
            return endOrUnasked >= -1;
        } catch (SocketTimeoutException quiet) {
            return false;
        } catch (SocketException broken) {
            return true;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }

    /**
     * Never waits for the server, as the farewell of TLS does: whoever closes may be the one timer of all calls, and the
     * second one who closes would not be heard.
     */
    @Override
    public void close(CloseMode mode) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Socket socket = raw;
        if (socket != null && mode == CloseMode.GRACEFUL) {
            closeQuietly(socket);
        }
        super.close(CloseMode.IMMEDIATE);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAllTheSame) {
            // there is nothing left to close
        }
    }

    @Override
    public void passivate() {}

    @Override
    public void activate() {}
}
