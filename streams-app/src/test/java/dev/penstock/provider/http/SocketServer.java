package dev.penstock.provider.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLServerSocket;

/** A server that does with each connection what it is told, before anything was read from it. */
final class SocketServer implements AutoCloseable {

    private final ServerSocket listener;
    private final String scheme;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** What is done with a connection; it is closed with the server alone. */
    @FunctionalInterface
    interface Script {
        void run(Socket socket) throws IOException;
    }

    private SocketServer(ServerSocket listener, String scheme, Script script) {
        this.listener = listener;
        this.scheme = scheme;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    static SocketServer start(Script script) throws IOException {
        return new SocketServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", script);
    }

    /** Is called by https, but what is said is the script's own. */
    static SocketServer beneathTls(Script script) throws IOException {
        return new SocketServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "https", script);
    }

    static SocketServer start(SSLServerSocket listener, Script script) {
        return new SocketServer(listener, "https", script);
    }

    URI baseUrl() {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
    }

    int connections() {
        return sockets.size();
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
        try {
            script.run(socket);
        } catch (IOException gone) {
            // the caller ended it
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
