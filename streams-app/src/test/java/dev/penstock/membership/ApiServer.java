package dev.penstock.membership;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.penstock.provider.OwnCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with a certificate of its own, and the service account of a pod that trusts it. */
final class ApiServer implements AutoCloseable {

    static final String TOKEN = "eyJhbGciOi.token-of-the-pod";

    /** What it is to do with a question. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpsServer server;
    private final Path account;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private ApiServer(HttpsServer server, Path account) {
        this.server = server;
        this.account = account;
    }

    static ApiServer start(Path directory, Answer answer) throws Exception {
        OwnCertificate certificate = OwnCertificate.make(directory);
        Path account = Files.createDirectories(directory.resolve("account"));
        Files.writeString(account.resolve("token"), TOKEN + "\n");
        Files.writeString(account.resolve("ca.crt"), certificate.pem());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
        ApiServer started = new ApiServer(server, account);
        server.createContext("/", exchange -> {
            started.asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            answer.to(exchange);
        });
        server.start();
        return started;
    }

    /** Answers with that, whatever is asked. */
    static Answer saying(int status, byte[] body) {
        return exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        };
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The directory that Kubernetes would mount. */
    Path account() {
        return account;
    }

    /** Path and authorization of each question. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
