package dev.penstock.provider.http;

import static dev.penstock.provider.Calls.call;
import static dev.penstock.provider.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.OwnCertificate;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same promises where TLS lies between: what it says for itself is no answer, and its farewell is not waited for. */
@Timeout(60)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TlsConnectionWireTest {

    @TempDir
    private static Path directory;

    private static OwnCertificate certificate;
    private static AutoCloseable trust;

    @BeforeAll
    static void trust() throws Exception {
        certificate = OwnCertificate.make(directory);
        trust = certificate.trusted();
    }

    @AfterAll
    static void trustNoLonger() throws Exception {
        trust.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldUseOneConnectionForAllCalls(String version) throws Exception {
        // Given
        try (RawServer server =
                        RawServer.start(certificate.listener(version), (out, socket) -> send(out, answer("own")));
                OpenAiProvider provider = provider(server.baseUrl())) {
            // When
            for (int i = 0; i < 50; i++) {
                assertThat(textOf(provider.call(call("x".repeat(50_000))))).isEqualTo("own");
            }

            // Then
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldReadRecordsThatComeByteByByte() throws Exception {
        // Given
        try (RawServer server =
                        RawServer.start(certificate.listener("TLSv1.3"), (out, socket) -> send(out, answer("own")));
                SocketServer slow = SocketServer.beneathTls(
                        socket -> relay(socket, server.baseUrl().getPort()));
                OpenAiProvider provider = provider(slow.baseUrl())) {

            // When
            for (int i = 0; i < 5; i++) {
                assertThat(textOf(provider.call(call("x".repeat(50_000))))).isEqualTo("own");
            }

            // Then
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** Hands on what the caller says at once, and what the server says in the smallest pieces that there are. */
    private static void relay(Socket caller, int port) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        caller.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> {
            try (server) {
                caller.getInputStream().transferTo(server.getOutputStream());
            } catch (IOException over) {
                // the caller is gone
            }
        });
        InputStream in = server.getInputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            caller.getOutputStream().write(next);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6_000})
    void shouldNotGiveASecondAnswerOfARecordToTheNextCall(int length) throws Exception {
        // Given
        String two = answer("f".repeat(length)) + answer("second");
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(
                        certificate.listener("TLSv1.3"),
                        (out, socket) -> send(out, requests.getAndIncrement() == 0 ? two : answer("own")));
                OpenAiProvider provider = provider(server.baseUrl())) {
            provider.call(call("theirs"));

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldNotGiveALateAnswerToTheNextCall() throws Exception {
        // Given
        CountDownLatch firstIsRead = new CountDownLatch(1);
        CountDownLatch lateIsThere = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(certificate.listener("TLSv1.3"), (out, socket) -> {
                    if (requests.getAndIncrement() > 0) {
                        return send(out, answer("own"));
                    }
                    send(out, answer("first"));
                    await(firstIsRead);
                    send(out, answer("late"));
                    RawServer.awaitDelivered(socket);
                    lateIsThere.countDown();
                    return true;
                });
                OpenAiProvider provider = provider(server.baseUrl())) {
            provider.call(call("theirs"));
            firstIsRead.countDown();
            lateIsThere.await();

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMTP ready\r\n\r\n",
                "HTTP/1.1 429 Slow\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}again",
            })
    void shouldNotWaitForTheFarewellOfAServerThatSaysNone(String response) throws Exception {
        // Given
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start(certificate.listener("TLSv1.3"), (out, socket) -> {
                    send(out, response);
                    await(ended);
                    return false;
                });
                OpenAiProvider provider = provider(server.baseUrl())) {

            // When
            ProviderReply reply = provider.call(call("hello"));

            // Then
            assertThat(reply).isInstanceOf(Failed.class);
            assertThat(provider.connections().leased()).isZero();
            ended.countDown();
        }
    }

    @Test
    void shouldEndARequestThatNobodyReads() throws Exception {
        // Given
        try (SocketServer server = SocketServer.start(
                        certificate.listener("TLSv1.3"), socket -> ((SSLSocket) socket).startHandshake());
                OpenAiProvider provider = provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call("x".repeat(8 << 20), Duration.ofSeconds(2)));

            // Then
            assertThat(failed.outOfTime()).isTrue();
            assertThat(failed.possiblyBilled()).isTrue();
        }
    }

    private static OpenAiProvider provider(URI baseUrl) {
        return new OpenAiProvider(OpenAiSettings.of(baseUrl, null), InstantSource.system());
    }

    private static String answer(String text) {
        return ok("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + text + "\"}}]}");
    }

    private static boolean send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return true;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String textOf(ProviderReply reply) {
        return reply instanceof Answered answered
                ? answered.body().at("/choices/0/message/content").asString()
                : "";
    }
}
