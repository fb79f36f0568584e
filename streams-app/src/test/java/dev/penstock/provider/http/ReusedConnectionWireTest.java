package dev.penstock.provider.http;

import static dev.penstock.provider.Calls.call;
import static dev.penstock.provider.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.anthropic.AnthropicProvider;
import dev.penstock.provider.anthropic.AnthropicSettings;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.schemas.DeadLetterCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever uses a connection after another call gets the answer to its own call, or none. */
@Timeout(60)
class ReusedConnectionWireTest {

    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    /** More than lies between two sockets: a server that has not read yet has not seen the end of it. */
    private static final String LARGE = "x".repeat(8 << 20);

    private static final Pattern PROMPT = Pattern.compile("prompt-[0-9]+");

    /** The dialects that there are. */
    enum Spoken {
        OPENAI {
            @Override
            Provider provider(URI baseUrl) {
                return new OpenAiProvider(OpenAiSettings.of(baseUrl, null), InstantSource.system());
            }

            @Override
            String answer(String text) {
                return "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + text + "\"}}]}";
            }
        },
        ANTHROPIC {
            @Override
            Provider provider(URI baseUrl) {
                return new AnthropicProvider(AnthropicSettings.of(baseUrl, null), InstantSource.system());
            }

            @Override
            String answer(String text) {
                return "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"" + text
                        + "\"}],\"stop_reason\":\"end_turn\"}";
            }
        };

        abstract Provider provider(URI baseUrl);

        abstract String answer(String text);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotGiveASecondAnswerToTheNextCall(Spoken spoken) throws Exception {
        // Given
        String two = ok(spoken.answer("first")) + ok(spoken.answer("second"));
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(
                        (out, socket) -> send(out, requests.getAndIncrement() == 0 ? two : own(spoken)));
                Provider provider = spoken.provider(server.baseUrl())) {
            provider.call(call("theirs"));

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotGiveALateAnswerToTheNextCall(Spoken spoken) throws Exception {
        // Given
        CountDownLatch firstIsRead = new CountDownLatch(1);
        CountDownLatch lateIsThere = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start((out, socket) -> {
                    if (requests.getAndIncrement() > 0) {
                        return send(out, own(spoken));
                    }
                    send(out, ok(spoken.answer("first")));
                    await(firstIsRead);
                    send(out, ok(spoken.answer("late")));
                    RawServer.awaitDelivered(socket);
                    lateIsThere.countDown();
                    return true;
                });
                Provider provider = spoken.provider(server.baseUrl())) {
            provider.call(call("theirs"));
            firstIsRead.countDown();
            lateIsThere.await();

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
            assertThat(server.requests()).hasSize(2);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 500 Broken\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n",
                EMPTY,
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}",
                "HTTP/1.1 429 Slow\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}",
            })
    void shouldNotGiveWhatFollowsAnyAnswerToTheNextCall(String first) throws Exception {
        // Given
        String two = first + ok(Spoken.OPENAI.answer("smuggled"));
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(
                        (out, socket) -> send(out, requests.getAndIncrement() == 0 ? two : own(Spoken.OPENAI)));
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {
            provider.call(call("theirs"));

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
        }
    }

    @Test
    void shouldUseNoConnectionAgainAfterACut() throws Exception {
        // Given
        AtomicInteger requests = new AtomicInteger();
        String cut = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + Spoken.OPENAI.answer("first");
        try (RawServer server = RawServer.start((out, socket) -> {
                    boolean first = requests.getAndIncrement() == 0;
                    send(out, first ? cut : own(Spoken.OPENAI));
                    return !first;
                });
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {
            Failed failed = (Failed) provider.call(call("theirs"));

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_CUT);
            assertThat(textOf(reply)).isEqualTo("own");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
            })
    void shouldUseAConnectionAgainThatHasNothingLeft(String first) throws Exception {
        // Given
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(
                        (out, socket) -> send(out, requests.getAndIncrement() == 0 ? first : own(Spoken.OPENAI)));
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {
            provider.call(call("theirs"));

            // When
            ProviderReply reply = provider.call(call("ours"));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldTakeNoAnswerThatWasThereBeforeTheCallWas() throws Exception {
        // Given
        try (SocketServer server = early(own(Spoken.OPENAI));
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call(LARGE));

            // Then
            assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertThat(failed.possiblyBilled()).isTrue();
            assertThat(failed.detail()).isEqualTo("provider answered before the request was complete");
        }
    }

    @Test
    void shouldTakeAnEarlyRefusalAndUseItsConnectionForNothingElse() throws Exception {
        // Given
        try (SocketServer server = early("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}");
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {

            // When
            Failed first = (Failed) provider.call(call(LARGE));
            Failed second = (Failed) provider.call(call(LARGE));

            // Then
            assertThat(List.of(first.statusCode(), second.statusCode())).containsExactly(413, 413);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldTakeAnAnswerAfterAnEarlyInterimResponse() throws Exception {
        // Given
        try (SocketServer server = early("HTTP/1.1 100 Continue\r\n\r\n", own(Spoken.OPENAI));
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {

            // When
            ProviderReply reply = provider.call(call(LARGE));

            // Then
            assertThat(textOf(reply)).isEqualTo("own");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2\r\n\r\n"
            })
    void shouldBoundInterimResponses(String interim) throws Exception {
        // Given
        try (RawServer server = RawServer.start((out, socket) -> {
                    while (true) {
                        send(out, interim);
                    }
                });
                Provider provider = Spoken.OPENAI.provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call("hello"));

            // Then
            assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertThat(failed.detail())
                    .isEqualTo("provider sent interim responses without an end or changed the protocol");
        }
    }

    @Test
    void shouldGiveEveryCallItsOwnConnectionWhereTheProviderIsNotTrusted() throws Exception {
        // Given
        try (RawServer server = RawServer.keeping(own(Spoken.OPENAI));
                Provider provider = new OpenAiProvider(
                        new OpenAiSettings(
                                HttpSettings.of(server.baseUrl(), null).withFreshConnections()),
                        InstantSource.system())) {

            // When
            for (int i = 0; i < 5; i++) {
                assertThat(textOf(provider.call(call("ours")))).isEqualTo("own");
            }

            // Then
            assertThat(server.connections()).isEqualTo(5);
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request).contains("\r\nConnection: close\r\n"));
        }
    }

    @Test
    void shouldGiveEveryTenantItsOwnAnswerUnderLoad() throws Exception {
        // Given
        Random random = new Random(Long.getLong("penstock.seed", 42));
        ConcurrentLinkedQueue<String> crossed = new ConcurrentLinkedQueue<>();
        AtomicInteger own = new AtomicInteger();
        try (RawServer server = RawServer.answering((request, out, socket) -> {
                    int kind;
                    synchronized (random) {
                        kind = random.nextInt(6);
                    }
                    return odd(kind, promptIn(request), out);
                });
                Provider provider = Spoken.OPENAI.provider(server.baseUrl());
                ExecutorService tenants = Executors.newVirtualThreadPerTaskExecutor()) {

            // When
            List<Future<Void>> done = IntStream.range(0, 8)
                    .mapToObj(tenant -> tenants.submit((Callable<Void>) () -> {
                        for (int i = 0; i < 250; i++) {
                            String prompt = "prompt-" + (tenant * 1_000 + i);
                            String text = textOf(provider.call(call(prompt)));
                            if (text.equals(prompt)) {
                                own.incrementAndGet();
                            } else if (!text.isEmpty()) {
                                crossed.add(prompt + " got " + text);
                            }
                        }
                        return null;
                    }))
                    .toList();
            for (Future<Void> one : done) {
                one.get();
            }

            // Then
            assertThat(crossed).isEmpty();
            assertThat(own.get()).isGreaterThan(500);
        }
    }

    /** Says something as soon as somebody connects, and only then reads what it is asked. */
    private static SocketServer early(String atOnce, String... answers) throws IOException {
        return SocketServer.start(socket -> {
            send(socket.getOutputStream(), atOnce);
            RawServer.read(socket.getInputStream());
            for (String answer : answers) {
                send(socket.getOutputStream(), answer);
            }
        });
    }

    private static boolean odd(int kind, String prompt, OutputStream out) throws IOException {
        String answer = ok(Spoken.OPENAI.answer(prompt));
        String body = Spoken.OPENAI.answer(prompt);
        return switch (kind) {
            case 0 -> send(out, answer + ok(Spoken.OPENAI.answer("smuggled")));
            case 1 -> send(out, "HTTP/1.1 307 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n" + answer);
            case 2 -> send(out, "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}" + answer);
            case 3 -> !send(out, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body);
            case 4 -> send(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + answer);
            default -> send(out, answer);
        };
    }

    private static String promptIn(String request) {
        Matcher prompt = PROMPT.matcher(request);
        return prompt.find() ? prompt.group() : "none";
    }

    private static String own(Spoken spoken) {
        return ok(spoken.answer("own"));
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
