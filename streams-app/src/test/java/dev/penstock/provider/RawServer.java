package dev.penstock.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;

/** A server that answers with exactly the bytes it is told to, for what no server library would send. */
public final class RawServer implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

    private final ServerSocket listener;
    private final String scheme;
    private final AnswerTo answer;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** Writes the answer to one request; the connection is kept if it returns true. */
    @FunctionalInterface
    public interface Answer {
        boolean write(OutputStream out, Socket socket) throws IOException;
    }

    /** As {@link Answer}, by what was asked. */
    @FunctionalInterface
    public interface AnswerTo {
        boolean write(String request, OutputStream out, Socket socket) throws IOException;
    }

    private RawServer(ServerSocket listener, String scheme, AnswerTo answer) {
        this.listener = listener;
        this.scheme = scheme;
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    public static RawServer start(Answer answer) throws IOException {
        return answering((request, out, socket) -> answer.write(out, socket));
    }

    public static RawServer answering(AnswerTo answer) throws IOException {
        return new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", answer);
    }

    /** Speaks TLS. */
    public static RawServer start(SSLServerSocket listener, Answer answer) {
        return new RawServer(listener, "https", (request, out, socket) -> answer.write(out, socket));
    }

    /** Sends the text, then closes. */
    public static RawServer sending(String text) throws IOException {
        return start((out, socket) -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            return false;
        });
    }

    /** Sends the text, then keeps the connection for the next request. */
    public static RawServer keeping(String text) throws IOException {
        return start((out, socket) -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        });
    }

    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    public URI baseUrl() {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
    }

    /** Heads and bodies as they came. */
    public List<String> requests() {
        return requests;
    }

    public int connections() {
        return sockets.size();
    }

    /**
     * Waits until what was written has come to the other side, which has not read it yet. On systems that do not show that,
     * the loopback is taken to deliver at once.
     */
    public static void awaitDelivered(Socket socket) throws IOException {
        Path sockets = Path.of("/proc/net/tcp6");
        Pattern unread = Pattern.compile(String.format(
                "(?m):%04X \\S+:%04X \\S+ \\S+:(?!0{8})\\S{8} ", socket.getPort(), socket.getLocalPort()));
        while (Files.exists(sockets)) {
            if (unread.matcher(Files.readString(sockets) + Files.readString(Path.of("/proc/net/tcp")))
                    .find()) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            boolean keep = true;
            while (keep) {
                String request = read(socket.getInputStream());
                requests.add(request);
                keep = answer.write(request, socket.getOutputStream(), socket);
            }
        } catch (IOException gone) {
            // the caller ended it
        }
    }

    /** Head and body of one request. */
    public static String read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(text);
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return text + new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
