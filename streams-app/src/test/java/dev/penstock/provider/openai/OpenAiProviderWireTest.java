package dev.penstock.provider.openai;

import static dev.penstock.provider.Calls.SHORT;
import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.RawServer;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider against servers that break HTTP itself. */
class OpenAiProviderWireTest {

    private static final String COMPLETION = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"yes\"}}]}";

    @Test
    void shouldTakeALengthThatIsTooLongForACut() throws Exception {
        // Given
        String lying = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + COMPLETION;

        // When
        Failed failed = (Failed) replyTo(lying);

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_CUT);
    }

    @Test
    void shouldNotAllocateWhatALengthPromises() throws Exception {
        // Given
        String lying = "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n" + COMPLETION;

        // When
        Failed failed = (Failed) replyTo(lying);

        // Then
        assertThat(failed.possiblyBilled()).isTrue();
    }

    @Test
    void shouldNotUseAConnectionAgainThatHasBytesLeftOver() throws Exception {
        // Given
        String lying = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + COMPLETION;
        try (RawServer server = RawServer.keeping(lying);
                OpenAiProvider provider = provider(server.baseUrl())) {

            // When
            Failed first = (Failed) provider.call(call("one"));
            Failed second = (Failed) provider.call(call("two"));

            // Then
            assertUnknown(first, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertUnknown(second, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMTP ready\r\n\r\n",
                "HTTP/1.1 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"ind",
            })
    void shouldCallUnusableWhatIsNoAnswer(String response) throws Exception {
        // When
        Failed failed = (Failed) replyTo(response);

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void shouldSayThatARedirectIsNotFollowed(int status) throws Exception {
        // Given
        String redirect = "HTTP/1.1 " + status + " Moved\r\nLocation: https://elsewhere.example/v1\r\n"
                + "Content-Length: 0\r\n\r\n";

        // When
        Failed failed = (Failed) replyTo(redirect);

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
        assertThat(failed.statusCode()).isEqualTo(status);
        assertThat(failed.detail())
                .isEqualTo("provider answered with status " + status
                        + ", a redirect, which is not followed (expected: the provider's own base URL)");
    }

    @Test
    void shouldKeepNumbersAsTheyCameAndCountOnlyThoseThatCanBe() throws Exception {
        // Given
        String answer = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"yes\"}}],\"odd\":1E+999999999,"
                + "\"usage\":{\"prompt_tokens\":-1000000,\"completion_tokens\":5}}";

        // When
        Answered answered = (Answered) replyTo(RawServer.ok(answer));

        // Then
        assertThat(answered.body().toString()).isEqualTo(answer);
        assertThat(answered.usage()).isNull();
    }

    @Test
    void shouldBoundHeaders() throws Exception {
        // Given
        String longLine = "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(1_000_000) + "\r\n\r\n" + COMPLETION;
        String manyLines = "HTTP/1.1 200 OK\r\n" + "X-Many: x\r\n".repeat(10_000) + "\r\n" + COMPLETION;

        // When
        Failed lineTooLong = (Failed) replyTo(longLine);
        Failed tooManyLines = (Failed) replyTo(manyLines);

        // Then
        assertUnknown(lineTooLong, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
        assertUnknown(tooManyLines, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
    }

    @Test
    void shouldReadChunkedAndUnannouncedAnswers() throws Exception {
        // Given
        String chunk = Integer.toHexString(COMPLETION.length()) + "\r\n" + COMPLETION + "\r\n0\r\n\r\n";

        // When
        ProviderReply chunked = replyTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
        ProviderReply unannounced = replyTo("HTTP/1.1 200 OK\r\n\r\n" + COMPLETION);

        // Then
        assertThat(chunked).isInstanceOf(Answered.class);
        assertThat(unannounced).isInstanceOf(Answered.class);
    }

    @Test
    void shouldKeepTheStatusWhenTheErrorBodyIsHugeOrCutOrNoJson() throws Exception {
        // When
        Failed huge = (Failed) replyTo("HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n\r\n" + "x".repeat(200_000));
        Failed cut = (Failed) replyTo("HTTP/1.1 503 Busy\r\nContent-Length: 500\r\n\r\n{\"error\"");
        Failed html = (Failed) replyTo("HTTP/1.1 400 Bad\r\n\r\n<html>");

        // Then
        assertThat(huge.code()).isEqualTo(DeadLetterCode.PROVIDER_THROTTLED);
        assertThat(huge.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(cut.code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
        assertThat(html.code()).isEqualTo(DeadLetterCode.PROVIDER_BAD_REQUEST);
    }

    @Test
    void shouldRepairHalfASurrogatePair() throws Exception {
        // When
        Answered answered =
                (Answered) replyTo(RawServer.ok("{\"choices\":[{\"text\":\"a\\ud83d b \\ud83d\\ude00\"}]}"));

        // Then
        assertThat(answered.body().at("/choices/0/text").asString()).isEqualTo("a\uFFFD b \uD83D\uDE00");
    }

    @Test
    void shouldBeCertainThatNothingWasSentWhenThereIsNoConnection() throws Exception {
        // Given
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }

        // When
        Failed refused = (Failed) callOnce(URI.create("http://127.0.0.1:" + closedPort));
        Failed noSuchName = (Failed) callOnce(URI.create("http://no-such-host.invalid"));

        // Then
        assertNotSent(refused, "provider refused the connection");
        assertNotSent(noSuchName, "provider's host name could not be resolved");
    }

    @Test
    void shouldEndATlsHandshakeThatGoesNowhere() throws Exception {
        // Given
        try (RawServer server = RawServer.sending("not TLS");
                OpenAiProvider provider = new OpenAiProvider(
                        OpenAiSettings.of(
                                        URI.create("https://127.0.0.1:"
                                                + server.baseUrl().getPort()),
                                        null)
                                .withConnectTimeout(SHORT),
                        InstantSource.system())) {

            // When
            Failed failed = (Failed) provider.call(call("hello"));

            // Then
            assertThat(failed.possiblyBilled()).isFalse();
            assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
        }
    }

    @Test
    void shouldEndConnectingAtTheDeadline() throws Exception {
        // Given
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fillBacklog(full);
            try (OpenAiProvider provider = provider(URI.create("http://127.0.0.1:" + full.getLocalPort()))) {

                // When
                Failed failed = (Failed) provider.call(call("nobody accepts", SHORT));

                // Then
                assertNotSent(failed, "no connection within 300 ms");
                await().untilAsserted(() ->
                        assertThat(provider.connections().leased()).isZero());
            }
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void shouldNotUseAnIdleConnectionThatTheServerClosed() throws Exception {
        // Given
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start((out, socket) -> {
                    out.write(RawServer.ok(COMPLETION).getBytes(StandardCharsets.ISO_8859_1));
                    return requests.incrementAndGet() > 1;
                });
                OpenAiProvider provider = provider(server.baseUrl())) {
            provider.call(call("first"));
            await().pollDelay(Duration.ofMillis(1200))
                    .until(() -> provider.connections().idle() == 1);

            // When
            ProviderReply second = provider.call(call("second"));

            // Then
            assertThat(second).isInstanceOf(Answered.class);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldNeverSendARequestTwice() throws Exception {
        // Given
        try (RawServer server = RawServer.start((out, socket) -> false);
                OpenAiProvider provider = provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call("once"));

            // Then
            assertUnknown(failed, DeadLetterCode.PROVIDER_CUT);
            assertThat(server.requests()).hasSize(1);
        }
    }

    private static List<Socket> fillBacklog(ServerSocket server) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (IOException full) {
                return sockets;
            }
        }
        throw new IllegalStateException("the backlog never filled");
    }

    private static ProviderReply replyTo(String response) throws Exception {
        try (RawServer server = RawServer.sending(response)) {
            return callOnce(server.baseUrl());
        }
    }

    private static ProviderReply callOnce(URI baseUrl) throws Exception {
        try (OpenAiProvider provider = provider(baseUrl)) {
            ProviderReply reply = provider.call(call("hello"));
            await().untilAsserted(
                            () -> assertThat(provider.connections().leased()).isZero());
            return reply;
        }
    }

    private static OpenAiProvider provider(URI baseUrl) {
        return new OpenAiProvider(OpenAiSettings.of(baseUrl, null), InstantSource.system());
    }

    private static void assertUnknown(Failed failed, DeadLetterCode code) {
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(failed.possiblyBilled()).isTrue();
    }

    private static void assertNotSent(Failed failed, String detail) {
        assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
        assertThat(failed.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(failed.possiblyBilled()).isFalse();
        assertThat(failed.detail()).isEqualTo(detail);
    }
}
