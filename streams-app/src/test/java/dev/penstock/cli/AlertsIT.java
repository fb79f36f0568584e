package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.penstock.embedded.Ports;
import dev.penstock.schemas.Alert;
import dev.penstock.schemas.WireCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AlertsIT {

    private static final Duration SHORT = Duration.ofMillis(1);

    private static CommandsRig rig;

    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;

    @BeforeAll
    static void start() throws Exception {
        rig = CommandsRig.start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void listen() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            posts.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void silence() {
        server.stop(0);
    }

    @Test
    void shouldPrintAlertsInBothFormsAndPostThem() throws Exception {
        // Given
        rig.topics("alerts.");
        alert("alerts.", "mini\u001b[31m");

        // When
        CapturedRun json = rig.run("alerts.", "alerts");
        CapturedRun table = rig.run("alerts.", "alerts", "-o", "table");
        CapturedRun posted = rig.run("alerts.", "alerts", "--since", "1h", "--webhook", address());
        CapturedRun onlyNew = rig.run("alerts.", "alerts", "--webhook", address());

        // Then
        assertThat(json.exitCode()).isZero();
        assertThat(json.out()).hasLineCount(1).contains("\"kind\":\"breaker\"").doesNotContain("\u001b");
        assertThat(table.out()).hasLineCount(2).contains("mini\\u001b[31m").doesNotContain("\u001b");
        assertThat(posted.exitCode()).isZero();
        assertThat(onlyNew).isEqualTo(new CapturedRun(0, "", ""));
        assertThat(posts).hasSize(1);
        assertThat(JsonMapper.shared().readTree(posts.getFirst()).path("text").stringValue())
                .isEqualTo("penstock: breaker mini\u001b[31m closed -> open: seen by instance one");
    }

    @Test
    void shouldEndAtOnceWithAWrongTokenAndNotShowIt() throws Exception {
        // Given
        rig.topics("token.");
        alert("token.", "mini");
        status.set(401);

        // When
        CapturedRun run = rig.run("token.", "alerts", "--since", "1h", "--webhook", address() + "?token=canary");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("webhook localhost:" + server.getAddress().getPort() + ": status 401 (expected: 2xx)\n");
        assertThat(posts).hasSize(1);
    }

    @Test
    void shouldTryThreeTimesAndNoMore() throws Exception {
        // Given
        status.set(503);

        // When
        Webhook.Posted posted;
        try (Webhook hook = new Webhook(URI.create(address()), Duration.ofSeconds(10), SHORT)) {
            posted = hook.post("{}");
        }

        // Then
        assertThat(posted).isInstanceOf(Webhook.Posted.Failed.class);
        assertThat(posts).hasSize(3);
    }

    @Test
    void shouldGiveUpOnAnAddressThatDoesNotAnswer() throws Exception {
        // Given
        URI nobody = URI.create("http://127.0.0.1:" + Ports.free() + "/canary");

        // When
        Webhook.Posted posted;
        try (Webhook hook = new Webhook(nobody, Duration.ofSeconds(10), SHORT)) {
            posted = hook.post("{}");
        }

        // Then
        assertThat(posted)
                .isEqualTo(new Webhook.Posted.Failed("webhook 127.0.0.1:" + nobody.getPort() + ": cannot be reached"));
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() {
        assertThat(CapturedRun.of("alerts", "--webhook", "mailto:canary"))
                .isEqualTo(new CapturedRun(2, "", "--webhook: not an address (expected: http://... or https://...)\n"));
        assertThat(CapturedRun.of("alerts", "--webhook", "no url at all").exitCode())
                .isEqualTo(2);
        assertThat(CapturedRun.of("alerts", "--since", "noon").exitCode()).isEqualTo(2);
    }

    private static void alert(String prefix, String target) throws Exception {
        Alert alert =
                new Alert(Instant.now(), Alert.Kind.BREAKER, target, null, "closed", "open", "seen by instance one");
        rig.write(prefix + "alerts", target, new WireCodec().write(alert), Map.of());
    }

    private String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook";
    }
}
