package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.provider.RawServer;
import dev.penstock.schemas.Alert;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlertPostsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration NO_PAUSE = Duration.ofMillis(1);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldPostTheNextWhereAnAnswerHasNoEnd() throws Exception {
        // Given
        String begun = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
        try (RawServer server = RawServer.keeping(begun);
                AlertPosts posts = to(server)) {

            // When
            posts.post(alert("one"));
            posts.post(alert("two"));

            // Then
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().getLast()).contains("two");
            assertThat(posts.undelivered()).isZero();
            assertThat(err.toString(UTF_8)).isEmpty();
        }
    }

    @Test
    void shouldSayOnceWhyNothingIsDeliveredAndWhenItIsAgain() throws Exception {
        // Given
        String failed = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.answering((request, out, socket) -> {
                    String answer = request.contains("four") ? RawServer.ok("ok") : failed;
                    out.write(answer.getBytes(ISO_8859_1));
                    return true;
                });
                AlertPosts posts = to(server)) {
            String name = "webhook 127.0.0.1:" + server.baseUrl().getPort();

            // When
            for (String target : new String[] {"one", "two", "three", "four", "five"}) {
                posts.post(alert(target));
            }

            // Then
            assertThat(err.toString(UTF_8).lines())
                    .containsExactly(
                            name + ": status 503 (expected: 2xx)",
                            name + ": delivers again; alerts not delivered meanwhile: 3",
                            name + ": status 503 (expected: 2xx)");
            assertThat(posts.undelivered()).isEqualTo(4);
        }
    }

    @Test
    void shouldEndWhereNoAlertCanBeDelivered() throws Exception {
        // Given
        try (RawServer server = RawServer.keeping("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                AlertPosts posts = to(server)) {

            // When / Then
            assertThatThrownBy(() -> posts.post(alert("one")))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("status 404");
            assertThat(server.requests()).hasSize(1);
        }
    }

    private AlertPosts to(RawServer server) {
        return new AlertPosts(new Webhook(server.baseUrl(), TIMEOUT, NO_PAUSE), new PrintStream(err, true, UTF_8));
    }

    private static Alert alert(String target) {
        return new Alert(
                Instant.parse("2026-11-01T12:00:00Z"), Alert.Kind.BREAKER, target, null, "closed", "open", "seen");
    }
}
