package dev.penstock.provider.http;

import static dev.penstock.provider.Calls.SHORT;
import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.schemas.TokenUsage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A call ends by its timeout, wherever in the exchange the provider does not go on, or goes on for ever. */
@Timeout(60)
class ProviderDeadlineWireTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    /** What the provider sends at once, and what it sends again and again after that. */
    enum Stall {
        NOTHING("", ""),
        HALF_A_STATUS_LINE("HTTP/1.", ""),
        HALF_A_HEAD(HEAD + "X-A", ""),
        DRIP_OF_A_STATUS_LINE("HTTP/1.1 200 ", "O"),
        DRIP_OF_A_HEADER(HEAD + "X-A: ", "y"),
        DRIP_OF_HEADERS(HEAD, "X: y\r\n"),
        DRIP_OF_INTERIM_RESPONSES("", "HTTP/1.1 102 Processing\r\n\r\n"),
        HALF_A_BODY(HEAD + "Content-Length: 9\r\n\r\n{", ""),
        DRIP_OF_A_BODY(HEAD + "Content-Length: 9000000\r\n\r\n{", "1"),
        DRIP_WITHOUT_A_LENGTH(HEAD + "\r\n{", "1"),
        HALF_A_CHUNK(CHUNKED + "5\r\n{", ""),
        DRIP_OF_CHUNKS(CHUNKED, "1\r\n1\r\n"),
        DRIP_OF_A_CHUNK_EXTENSION(CHUNKED + "1;a=", "b"),
        DRIP_OF_TRAILERS(CHUNKED + "2\r\n{}\r\n0\r\n", "X: y\r\n");

        private final String first;
        private final String each;

        Stall(String first, String each) {
            this.first = first;
            this.each = each;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndAnAnswerThatDoesNotEnd(Stall stall) throws Exception {
        // Given
        try (SocketServer server = SocketServer.start(socket -> {
                    RawServer.read(socket.getInputStream());
                    drip(socket, stall.first, stall.each);
                });
                OpenAiProvider provider = provider(server, SHORT)) {

            // When
            Failed failed = (Failed) provider.call(call("hello", SHORT));

            // Then
            assertThat(failed.outOfTime()).isTrue();
            assertThat(failed.possiblyBilled()).isTrue();
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(provider.connections().leased()).isZero());
        }
    }

    @Test
    void shouldEndARefusalThatDoesNotEndByItsStatus() throws Exception {
        // Given
        try (SocketServer server = SocketServer.start(socket -> {
                    RawServer.read(socket.getInputStream());
                    drip(socket, "HTTP/1.1 503 Busy\r\nContent-Length: 9000\r\n\r\n{", "1");
                });
                OpenAiProvider provider = provider(server, SHORT)) {

            // When
            Failed failed = (Failed) provider.call(call("hello", SHORT));

            // Then
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(provider.connections().idle()).isZero();
        }
    }

    @Test
    void shouldEndARequestThatNobodyReads() throws Exception {
        // Given
        try (SocketServer server = SocketServer.start(socket -> {});
                OpenAiProvider provider = provider(server, SHORT)) {

            // When
            Failed failed = (Failed) provider.call(call("x".repeat(8 << 20), Duration.ofSeconds(2)));

            // Then
            assertThat(failed.outOfTime()).isTrue();
            assertThat(failed.possiblyBilled()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0016"})
    void shouldEndATlsHandshakeThatDoesNotEnd(String each) throws Exception {
        // Given
        try (SocketServer server = SocketServer.beneathTls(socket -> drip(socket, "\u0016\u0003\u0003@\u0000", each));
                OpenAiProvider provider = provider(server, Duration.ofMinutes(5))) {

            // When
            Failed failed = (Failed) provider.call(call("hello", SHORT));

            // Then
            assertThat(failed.outOfTime()).isTrue();
            assertThat(failed.possiblyBilled()).isFalse();
        }
    }

    @Test
    void shouldEndALookUpThatDoesNotEnd() throws Exception {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        HttpSettings settings =
                HttpSettings.of(URI.create("http://provider.example"), null).withConnectTimeout(Duration.ofMinutes(5));
        try (HttpProvider provider =
                new HttpProvider(settings, new Unanswered(settings.baseUrl()), InstantSource.system(), host -> {
                    await(never);
                    throw new UnknownHostException(host);
                })) {

            // When
            Failed failed = (Failed) provider.call(call("hello", SHORT));

            // Then
            assertThat(failed.outOfTime()).isTrue();
            assertThat(failed.possiblyBilled()).isFalse();
        } finally {
            never.countDown();
        }
    }

    private static void drip(Socket socket, String first, String each) throws IOException {
        OutputStream out = socket.getOutputStream();
        write(out, first);
        while (!each.isEmpty()) {
            write(out, each);
            pause();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The pace of a drip: slow enough to stay below every bound on what may be sent. */
    private static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static OpenAiProvider provider(SocketServer server, Duration connectTimeout) {
        return new OpenAiProvider(
                OpenAiSettings.of(server.baseUrl(), null).withConnectTimeout(connectTimeout), InstantSource.system());
    }

    private static void await(CountDownLatch latch) throws UnknownHostException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
        }
    }

    /** Of a provider that is never reached. */
    private record Unanswered(URI uri) implements Dialect {
        @Override
        public Written write(ProviderCall call) {
            return new Written.Message(uri, Map.of(), call.body());
        }

        @Override
        public Reading read(ObjectNode body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<TokenUsage> usage(JsonNode usage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrorWords error(ObjectNode body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String requestIdHeader() {
            return "x-request-id";
        }
    }
}
