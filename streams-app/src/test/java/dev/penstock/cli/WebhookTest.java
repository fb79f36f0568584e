package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver that is stuck, or wants to be. */
@Timeout(60)
class WebhookTest {

    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration NO_PAUSE = Duration.ofMillis(1);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 65_536})
    void shouldWantNoMoreThanTheStatus(int bytesAtOnce) throws Exception {
        // Given
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start((out, socket) -> endless(out, HEAD, bytesAtOnce, ended))) {

            // When
            Webhook.Posted posted = post(server.baseUrl(), AMPLE);

            // Then
            assertThat(posted).isInstanceOf(Webhook.Posted.Taken.class);
            assertThat(ended.await(AMPLE.toSeconds(), TimeUnit.SECONDS))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    /** By an upgrade, as there is none to negotiate with without TLS. */
    @Test
    void shouldWantNoMoreThanTheStatusInHttp2() throws Exception {
        // Given
        byte[] noSettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        byte[] status200 = {0, 0, 1, 1, 4, 0, 0, 0, 1, (byte) 0x88};
        byte[] oneByte = {0, 0, 1, 0, 0, 0, 0, 0, 1, 'x'};
        try (RawServer server = RawServer.start((out, socket) -> {
            out.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n".getBytes(ISO_8859_1));
            out.write(noSettings);
            out.write(status200);
            while (true) {
                out.write(oneByte);
                pause();
            }
        })) {

            // When
            Webhook.Posted posted = post(server.baseUrl(), AMPLE);

            // Then
            assertThat(posted).isInstanceOf(Webhook.Posted.Taken.class);
            assertThat(server.requests()).hasSize(1).first().asString().contains("Upgrade: h2c");
        }
    }

    @Test
    void shouldBelieveTheStatusOfARefusalWithoutEnd() throws Exception {
        // Given
        String head = HEAD.replace("200 OK", "401 Unauthorized");
        try (RawServer server = RawServer.start((out, socket) -> endless(out, head, 1, new CountDownLatch(1)))) {

            // When
            Webhook.Posted posted = post(server.baseUrl(), AMPLE);

            // Then
            assertThat(posted)
                    .isEqualTo(new Webhook.Posted.Refused(
                            "webhook 127.0.0.1:" + server.baseUrl().getPort() + ": status 401 (expected: 2xx)"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 ",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX: "
            })
    void shouldTryThreeTimesWhereTheHeadDoesNotEnd(String begun) throws Exception {
        // Given
        try (RawServer server = RawServer.start((out, socket) -> endless(out, begun, 1, new CountDownLatch(1)))) {

            // When
            Webhook.Posted posted = post(server.baseUrl(), SHORT);

            // Then
            assertThat(posted)
                    .isEqualTo(new Webhook.Posted.Failed(
                            "webhook 127.0.0.1:" + server.baseUrl().getPort() + ": no answer within 300 ms"));
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void shouldNotWaitForHintsWithoutEnd() throws Exception {
        // Given
        String hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
        try (RawServer server = RawServer.start((out, socket) -> {
            while (true) {
                out.write(hint.getBytes(ISO_8859_1));
                pause();
            }
        })) {

            // When
            Webhook.Posted posted = post(server.baseUrl(), SHORT);

            // Then
            assertThat(posted).isInstanceOf(Webhook.Posted.Failed.class);
        }
    }

    @Test
    void shouldNotWaitForAHandshake() throws Exception {
        // Given
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {

            // When
            Webhook.Posted posted = post(URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/hook"), SHORT);

            // Then
            assertThat(posted)
                    .isEqualTo(new Webhook.Posted.Failed(
                            "webhook 127.0.0.1:" + silent.getLocalPort() + ": no answer within 300 ms"));
        }
    }

    private static Webhook.Posted post(URI address, Duration timeout) throws InterruptedException {
        try (Webhook hook = new Webhook(address, timeout, NO_PAUSE)) {
            return hook.post("{}");
        }
    }

    private static boolean endless(OutputStream out, String begun, int bytesAtOnce, CountDownLatch ended)
            throws IOException {
        byte[] bytes = "x".repeat(bytesAtOnce).getBytes(ISO_8859_1);
        try {
            out.write(begun.getBytes(ISO_8859_1));
            while (true) {
                out.write(bytes);
                if (bytesAtOnce == 1) {
                    pause();
                }
            }
        } finally {
            ended.countDown();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
