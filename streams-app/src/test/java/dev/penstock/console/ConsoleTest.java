package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.config.ConsoleConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static final ConsoleConfig ANY_PORT = new ConsoleConfig("127.0.0.1", 0);

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile boolean ready;
    private Console console;

    ConsoleTest() throws ConsoleStartException {
        console = Console.start(ANY_PORT, source(), metrics);
    }

    @BeforeEach
    void notReady() {
        ready = false;
    }

    @AfterEach
    void stop() {
        console.close();
        client.close();
    }

    @Test
    void shouldAnswerLiveWhileNotReady() throws Exception {
        // When
        HttpResponse<String> live = get("/livez");
        HttpResponse<String> unready = get("/readyz");

        // Then
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("ok\n");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).isEqualTo("not ok\n");
    }

    @Test
    void shouldListTheChecksWhenAskedTo() throws Exception {
        // Given
        ready = true;

        // When
        HttpResponse<String> response = get("/readyz?verbose");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("streams: RUNNING\nrestore: 0 records left\nok\n");
    }

    @Test
    void shouldServeTheRegistry() throws Exception {
        // Given
        metrics.counter("penstock.things").increment(3);

        // When
        HttpResponse<String> response = get("/metrics");

        // Then
        assertThat(response.body()).contains("penstock_things_total 3.0");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void shouldTakeNothingButGetAndSendSecurityHeaders() throws Exception {
        // Given
        HttpRequest post = HttpRequest.newBuilder(uri("/livez"))
                .POST(HttpRequest.BodyPublishers.ofString(""))
                .build();

        // When
        HttpResponse<String> response = client.send(post, HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("content-security-policy")).isPresent();
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNameAPortThatIsTaken() {
        // Given
        ConsoleConfig taken = new ConsoleConfig("127.0.0.1", console.port());

        // When / Then
        assertThatThrownBy(() -> Console.start(taken, source(), metrics))
                .isInstanceOf(ConsoleStartException.class)
                .hasMessageContaining("console: 127.0.0.1:" + console.port() + " cannot be listened on");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(console.url() + path);
    }

    private HealthSource source() {
        return new HealthSource() {
            @Override
            public Health live() {
                return new Health(true, Map.of());
            }

            @Override
            public Health ready() {
                Map<String, String> checks = new java.util.LinkedHashMap<>();
                checks.put("streams", "RUNNING");
                checks.put("restore", "0 records left");
                return new Health(ready, checks);
            }
        };
    }
}
