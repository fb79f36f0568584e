package dev.penstock.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.membership.StatefulSetLook.Gone;
import dev.penstock.membership.StatefulSetLook.Present;
import dev.penstock.membership.StatefulSetLook.Unknown;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class KubernetesApiTest {

    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final String SET =
            "{'kind':'StatefulSet','metadata':{'name':'penstock'%s},'spec':{'replicas':%s%s},'status':{'replicas':5}}";

    @TempDir
    Path directory;

    private final AtomicReference<ApiServer.Answer> answer = new AtomicReference<>(saying(500, ""));
    private final CountDownLatch over = new CountDownLatch(1);
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(directory, exchange -> answer.get().to(exchange));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.close();
    }

    @Test
    void shouldAskAsThePodsAccountAndReadWhatIsWanted() throws Exception {
        // Given
        answer.set(saying(200, SET.formatted("", "3", "")));

        // When
        StatefulSetLook look = look(AMPLE);

        // Then
        assertThat(look).isEqualTo(new Present(3, 0, false));
        assertThat(server.asked())
                .containsExactly("/apis/apps/v1/namespaces/llm/statefulsets/penstock Bearer " + ApiServer.TOKEN);
    }

    @Test
    void shouldReadOrdinalsAndTheEnd() throws Exception {
        answer.set(saying(
                200, SET.formatted(",'deletionTimestamp':'2026-11-01T00:00:00Z'", "2", ",'ordinals':{'start':5}")));
        assertThat(look(AMPLE)).isEqualTo(new Present(2, 5, true));

        answer.set(
                saying(
                        404,
                        "{'kind':'Status','reason':'NotFound','details':{'name':'penstock','kind':'statefulsets'},'code':404}"));
        assertThat(look(AMPLE)).isEqualTo(new Gone());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | {'kind':'Status'} | the right to get statefulset penstock",
                "500 | {'kind':'Status'} | answered 500",
                "200 | <html> | without JSON",
                "404 | {'kind':'Status','reason':'NotFound','details':{'name':'other','kind':'statefulsets'}} | answered 404",
                "404 | {} | answered 404",
                "200 | {'kind':'Status'} | something else",
                "200 | {'kind':'StatefulSet','metadata':{'name':'other'},'spec':{'replicas':1}} | something else",
                "200 | {'kind':'StatefulSet','metadata':{'name':'penstock'},'spec':{}} | no count of replicas",
                "200 | {'kind':'StatefulSet','metadata':{'name':'penstock'},'spec':{'replicas':-1}} | no count of replicas",
                "302 | {} | answered 302"
            })
    void shouldNotGuess(int status, String body, String why) throws Exception {
        // Given
        answer.set(saying(status, body));

        // When
        StatefulSetLook look = look(AMPLE);

        // Then
        assertThat(look)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.why()).contains(why).doesNotContain(ApiServer.TOKEN));
    }

    @Test
    void shouldReadNoAnswerWithoutEnd() throws Exception {
        answer.set(saying(200, " ".repeat(3 << 20)));
        assertThat(look(AMPLE)).isInstanceOf(Unknown.class);
    }

    @Test
    void shouldNotWaitForAnAnswerThatStops() throws Exception {
        // Given
        answer.set(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitQuietly(over, AMPLE.toMillis());
            exchange.close();
        });

        // When
        StatefulSetLook look = look(SHORT);

        // Then
        assertThat(look)
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.why()).contains("no answer within 700 ms"));
    }

    @Test
    void shouldNotWaitForAnAnswerThatDrips() throws Exception {
        // Given
        answer.set(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (over.getCount() > 0) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                awaitQuietly(over, 20);
            }
        });

        // When
        StatefulSetLook look = look(SHORT);

        // Then
        assertThat(look).isEqualTo(new Unknown(server.address() + ": no answer within 700 ms"));
    }

    @Test
    void shouldReadNoMoreThanItsBoundOfAnAnswerWithoutEnd() throws Exception {
        // Given
        answer.set(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (over.getCount() > 0) {
                exchange.getResponseBody().write(" ".repeat(65_536).getBytes(StandardCharsets.UTF_8));
            }
        });

        // When
        StatefulSetLook look = look(AMPLE);

        // Then
        assertThat(look)
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.why()).contains("cannot be asked"));
    }

    @Test
    void shouldNotWaitForAHandshake() throws Exception {
        // Given
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("https://127.0.0.1:" + silent.getLocalPort());

            // When
            StatefulSetLook look = new KubernetesApi(address, server.account(), SHORT).statefulSet("llm", "penstock");

            // Then
            assertThat(look).isEqualTo(new Unknown(address + ": no answer within 700 ms"));
        }
    }

    @Test
    void shouldTrustOnlyTheClustersAuthority() throws Exception {
        // Given
        Path stranger = Files.createDirectories(directory.resolve("stranger"));
        try (ApiServer other = ApiServer.start(stranger, saying(200, SET.formatted("", "3", "")))) {

            // When
            StatefulSetLook look =
                    new KubernetesApi(other.address(), server.account(), AMPLE).statefulSet("llm", "penstock");

            // Then
            assertThat(look).isInstanceOf(Unknown.class);
            assertThat(other.asked()).as("the token reached a stranger").isEmpty();
        }
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        // Given
        Files.delete(server.account().resolve("token"));

        // When
        StatefulSetLook look = look(AMPLE);

        // Then
        assertThat(look)
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.why()).contains("no service account"));
        assertThat(KubernetesApi.ofCluster(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")))
                .isEmpty();
        assertThat(KubernetesApi.ofCluster(
                        Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443")))
                .isPresent();
    }

    private StatefulSetLook look(Duration patience) throws InterruptedException {
        return new KubernetesApi(server.address(), server.account(), patience).statefulSet("llm", "penstock");
    }

    private static ApiServer.Answer saying(int status, String body) {
        return ApiServer.saying(status, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitQuietly(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
