package dev.penstock.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections begin and end, to the byte. */
@Timeout(60)
class FakeConnectionsTest {

    private FakeProvider fake;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void shouldCloseWithoutAByteWhereItIsToClose() throws Exception {
        // When
        String sent = allOf("[[fake close]]", "");

        // Then
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldCutAnAnswerInItsMiddle() throws Exception {
        // When
        String whole = body(allOf("hello", "Connection: close\r\n"));
        String sent = allOf("[[fake cut]]", "");

        // Then
        assertThat(whole).contains("finish_reason");
        assertThat(sent).startsWith("HTTP/1.1 200 ").doesNotContain("finish_reason");
        assertThat(lengthOf(sent)).isGreaterThan(body(sent).length());
        assertThat(body(sent)).hasSize(lengthOf(sent) / 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "[[fake status=429]]", "[[fake empty]]", "[[fake drip=1ms]]", "[[fake huge=200000]]"})
    void shouldCloseAfterTheAnswerIfItIsAsked(String prompt) throws Exception {
        // When
        String sent = allOf(prompt, "Connection: close\r\n");

        // Then
        assertThat(sent).startsWith("HTTP/1.1 ").containsIgnoringCase("connection: close");
        assertThat(body(sent)).hasSize(lengthOf(sent));
    }

    @Test
    void shouldKeepAConnectionForTheNextCall() throws Exception {
        // Given
        try (Socket socket = connect()) {

            // When
            send(socket, request("one", ""));
            int first = answerFrom(socket.getInputStream());
            send(socket, request("[[fake status=500]]", ""));
            int second = answerFrom(socket.getInputStream());

            // Then
            assertThat(List.of(first, second)).containsExactly(200, 500);
        }
    }

    @Test
    void shouldEndWhatHangsWhenItIsClosed() throws Exception {
        // Given
        CompletableFuture<String> hanging = later("[[fake hang]]");
        CompletableFuture<String> late = later("[[fake late=60m]]");
        fake.follow(FakeScript.parse("hold: true"));
        CompletableFuture<String> held = later("hello");
        await().until(() -> fake.callLog().counts().open() == 3);

        // When
        fake.close();

        // Then
        assertThat(hanging.join() + late.join() + held.join()).isEmpty();
        await().until(() -> fake.callLog().counts().open() == 0);
    }

    @Test
    void shouldNotListenOnAPortThatIsTaken() {
        assertThatThrownBy(
                        () -> FakeProvider.start(FakeProviderSettings.defaults().withPort(fake.port())))
                .isInstanceOf(BindException.class);
    }

    @Test
    void shouldRefuseARequestThatIsTooLarge() throws Exception {
        // Given
        try (Socket socket = connect()) {

            // When
            send(socket, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108865\r\n\r\n");

            // Then
            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 413");
            assertThat(fake.callLog().counts().received()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/chat/completions", "POST /v1/completions", "POST /calls", "GET /"})
    void shouldKnowNoOtherPath(String line) throws Exception {
        // Given
        try (Socket socket = connect()) {

            // When
            send(socket, line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");

            // Then
            assertThat(answerFrom(socket.getInputStream())).isEqualTo(404);
        }
    }

    @Test
    void shouldHoldManyCallsAtOnce() throws Exception {
        // Given
        fake.follow(FakeScript.parse("hold: true"));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 2_000; i++) {
                Socket socket = connect();
                sockets.add(socket);
                send(socket, request("hello " + i, ""));
            }
            await().until(() -> fake.callLog().counts().open() == sockets.size());

            // When
            fake.follow(FakeScript.PLAIN);

            // Then
            for (Socket socket : sockets) {
                assertThat(answerFrom(socket.getInputStream())).isEqualTo(200);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private CompletableFuture<String> later(String prompt) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return allOf(prompt, "");
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** All that comes until the other end closes. */
    private String allOf(String prompt, String headers) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request(prompt, headers));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), fake.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String request(String prompt, String headers) {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** Reads one answer to its end, and no further. */
    private static int answerFrom(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        in.readNBytes(lengthOf(head.toString()));
        return Integer.parseInt(head.substring(9, 12));
    }

    private static int lengthOf(String answer) {
        String lower = answer.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        return Integer.parseInt(answer.substring(at, answer.indexOf("\r\n", at)));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
