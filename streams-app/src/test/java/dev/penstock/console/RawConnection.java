package dev.penstock.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that writes what it likes and reads when it likes. */
final class RawConnection implements AutoCloseable {

    /** No test may hang; no test asserts how long something took. */
    private static final int GUARD_MILLIS = 15_000;

    private static final int POLL_MILLIS = 20;

    private final Socket socket = new Socket();

    private RawConnection() {}

    static RawConnection to(int port) throws IOException {
        return to(port, 0);
    }

    /** Its receive buffer fills at once. */
    static RawConnection narrowTo(int port) throws IOException {
        return to(port, 4_096);
    }

    private static RawConnection to(int port, int receiveBuffer) throws IOException {
        RawConnection connection = new RawConnection();
        if (receiveBuffer > 0) {
            connection.socket.setReceiveBufferSize(receiveBuffer);
        }
        connection.socket.setSoTimeout(GUARD_MILLIS);
        connection.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), GUARD_MILLIS);
        return connection;
    }

    /** The head of the answer to one request. */
    static String ask(int port, String path) throws IOException {
        try (RawConnection connection = to(port)) {
            return connection.get(path).readHead();
        }
    }

    RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Whether the other side still takes what is sent. */
    boolean takes(String text) {
        try {
            send(text);
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    /** As {@link #send}, by a client that does not mind whether the other side is still there. */
    RawConnection sendIfOpen(String text) {
        takes(text);
        return this;
    }

    RawConnection get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    /** Ends the side that asks, and keeps the other one. */
    RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** What comes until the other side ends the connection. */
    String readToEnd() throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8_192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                text.append(new String(buffer, 0, n, ISO_8859_1));
            }
        } catch (SocketException reset) {
            // It was ended all the same.
        }
        return text.toString();
    }

    /** The status line and headers of the next answer; its body is read and left out. Empty when the connection ended. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        socket.getInputStream().readNBytes(contentLength(head.toString()));
        return head.toString();
    }

    /** Whether the other side has ended the connection; waits a moment for it, and passes over what comes. */
    boolean hasEnded() throws IOException {
        socket.setSoTimeout(POLL_MILLIS);
        try {
            return socket.getInputStream().read(new byte[8_192]) < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            socket.setSoTimeout(GUARD_MILLIS);
        }
    }

    /** The status of an answer's head. */
    static int status(String head) {
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }

    /** The value of a header, null if it is not there. */
    static @Nullable String header(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    private static int contentLength(String head) {
        String length = header(head, "Content-Length");
        return length == null ? 0 : Integer.parseInt(length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
