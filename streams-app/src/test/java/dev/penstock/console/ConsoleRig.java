package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import dev.penstock.config.SecretRef;
import dev.penstock.provider.TargetView;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A console on a free port, with a registry, a health and topics that tests set. */
final class ConsoleRig implements HealthSource, AutoCloseable {

    /** So many bytes in a second that the size of an answer gives a client no time. */
    private static final int AT_ONCE = Integer.MAX_VALUE;

    final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final KeptTopics topics = new KeptTopics();
    volatile boolean ready;
    volatile List<TargetView> targets = List.of();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Console console;

    private volatile @Nullable Instant stopped;

    private ConsoleRig(@Nullable SecretRef token, Duration longest) throws ConsoleStartException {
        ConsoleConfig config = new ConsoleConfig("127.0.0.1", 0, 0, List.of("ops.example"), token);
        console = Console.start(config, sources(), new Console.Patience(longest, longest, AT_ONCE), this::now);
    }

    static ConsoleRig start() throws ConsoleStartException {
        return new ConsoleRig(null, Duration.ofSeconds(10));
    }

    static ConsoleRig startWithToken(SecretRef token) throws ConsoleStartException {
        return new ConsoleRig(token, Duration.ofSeconds(10));
    }

    /** @param longest how long a head and a request may take */
    static ConsoleRig startImpatient(SecretRef token, Duration longest) throws ConsoleStartException {
        return new ConsoleRig(token, longest);
    }

    /** @param longest how long a head and a request may take */
    static ConsoleRig startImpatient(Duration longest) throws ConsoleStartException {
        return new ConsoleRig(null, longest);
    }

    ConsoleSources sources() {
        return new ConsoleSources(this, metrics, topics, "one", "test");
    }

    int port() {
        return console.port();
    }

    int probesPort() {
        return console.probesPort();
    }

    /** Makes what is scraped large. */
    void fill(int counters) {
        for (int i = 0; i < counters; i++) {
            metrics.counter("penstock.filler", "tag", i + "x".repeat(100_000)).increment();
        }
    }

    /** From here on no time passes for what is shared. */
    void stopClock() {
        stopped = Instant.now();
    }

    private Instant now() {
        return Objects.requireNonNullElseGet(stopped, Instant::now);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)), headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    /** The status that a request with this Host header gets. */
    int statusFor(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9));
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public Health live() {
        return new Health(true, Map.of());
    }

    @Override
    public Health ready() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("streams", "RUNNING");
        checks.put("restore", "0 records left");
        return new Health(ready, checks);
    }

    @Override
    public List<TargetView> targets(Instant now) {
        return targets;
    }

    @Override
    public void close() {
        console.close();
        client.close();
    }
}
