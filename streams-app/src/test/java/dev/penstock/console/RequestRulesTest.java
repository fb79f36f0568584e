package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as no browser sends them: what is refused, and that nothing is left of it on the connection. */
class RequestRulesTest {

    private static final String TOKEN = "a-token-of-24-characters";
    private static final String HOST = "Host: localhost\r\n";

    @TempDir
    Path directory;

    private ConsoleRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = ConsoleRig.startWithToken(new SecretRef.File(Files.writeString(directory.resolve("token"), TOKEN)));
        rig.ready = true;
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** A browser sends what other programs on localhost have set, whatever their ports. */
    @Test
    void shouldTakeCookiesOfOtherPorts() throws Exception {
        for (int size : new int[] {8_192, 15_000}) {
            try (RawConnection browser = RawConnection.to(rig.port())) {
                // When
                browser.send("GET / HTTP/1.1\r\n" + HOST + "Cookie: a=" + "x".repeat(size) + "\r\n\r\n");

                // Then
                assertThat(browser.readHead()).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void shouldRefuseAHeadThatIsTooLarge() throws Exception {
        try (RawConnection client = RawConnection.to(rig.port())) {
            // When
            client.send("GET / HTTP/1.1\r\n" + HOST + "Cookie: a=" + "x".repeat(16_384) + "\r\n\r\n");

            // Then
            assertThat(client.readHead()).startsWith("HTTP/1.1 431");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../livez",
                "/x/../livez",
                "/%2e%2e/livez",
                "/x/%2e%2e/livez",
                "/%2flivez",
                "/livez%00",
                "/livez;x",
                "/;/livez",
                "//livez",
                "/livez/",
                "/%6civez",
                "/page/index.html",
                "/console/page/index.html",
                "/META-INF/MANIFEST.MF",
                "/dev/penstock/console/Console.class",
                "/favicon.ico",
                "/jetty-dir.css",
                "/api",
                "/api/",
                "/api/replay"
            })
    void shouldKnowNoPathButItsOwn(String path) throws Exception {
        assertThat(statusOf("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "get", "POST"})
    void shouldTakeNoOtherMethod(String method) throws Exception {
        assertThat(statusOf(method + " /api/state HTTP/1.1\r\n" + HOST + "\r\n"))
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n",
                "GET /livez HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
                "GET /livez\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /livez HTTP/3.0\r\nHost: localhost\r\n\r\n",
                "GET /livez HTTP/1.1\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost:\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: localhost\0\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: a@localhost\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: localhost#\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: localhost.\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: 127.1\r\n\r\n",
                "GET /api/state HTTP/1.1\r\nHost: 0x7f.1\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /livez HTTP/1.1\nHost: localhost\n\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "GET /api/trace?id=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/state?after=%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /readyz?%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void shouldRefuseWhatIsNoRequest(String request) throws Exception {
        try (RawConnection client = RawConnection.to(rig.port())) {
            String answer = client.sendIfOpen(request).endOutput().readToEnd();

            assertThat(answer).doesNotContain("HTTP/1.1 200", "HTTP/1.1 500");
            assertThatNothingIsTold(answer);
        }
    }

    @Test
    void shouldNotSpeakHttp2() throws Exception {
        // Given
        String upgrade = "GET /livez HTTP/1.1\r\n" + HOST + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n";

        // When
        int status = statusOf(upgrade);

        // Then
        assertThat(status).isEqualTo(200);
    }

    @Test
    void shouldBoundTheHead() throws Exception {
        // When / Then
        assertThat(statusOf("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n"))
                .isIn(0, 414, 431);
        assertThat(statusOf("GET /livez HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(100_000) + "\r\n\r\n"))
                .isIn(0, 431);
        assertThat(statusOf("GET /livez HTTP/1.1\r\n" + HOST + "X: x\r\n".repeat(20_000) + "\r\n"))
                .isIn(0, 431);
    }

    @Test
    void shouldTakeAnAnswerOutOfNoRefusedBody() throws Exception {
        // Given
        String hidden = "GET /api/state HTTP/1.1\r\n" + HOST + "\r\n";
        String refused = "POST /api/replay HTTP/1.1\r\n" + HOST + "Content-Length: " + hidden.length() + "\r\n\r\n";
        String chunked = "POST /api/replay HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n0\r\n\r\n";

        // When / Then
        for (String request : List.of(
                refused + hidden,
                chunked,
                refused.replace("POST", "PUT") + hidden,
                refused.replace("localhost", "evil.example") + hidden,
                refused.replace("HTTP/1.1", "HTTP/1.0") + hidden)) {
            try (RawConnection client = RawConnection.to(rig.port())) {
                String answers = client.send(request).endOutput().readToEnd();
                assertThat(answers).containsOnlyOnce("Content-Length:").doesNotContain("HTTP/1.1 200");
            }
        }
    }

    @Test
    void shouldRefuseAHostThatTheTargetNames() throws Exception {
        // When / Then
        assertThat(statusOf("GET http://evil.example/api/state HTTP/1.1\r\n" + HOST + "\r\n"))
                .isEqualTo(421);
        assertThat(statusOf("GET http://evil.example/api/state HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .isEqualTo(421);
        assertThat(statusOf("GET http://localhost/api/state HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .isEqualTo(421);
        assertThat(statusOf("GET http://localhost/api/state HTTP/1.1\r\n" + HOST + "\r\n"))
                .isEqualTo(200);
    }

    @Test
    void shouldTellDetailsOfProbesUnderItsOwnNamesOnly() throws Exception {
        // When / Then
        for (String query : List.of("?verbose", "?verbose=", "?a=b&verbose", "?%76erbose", "?ver%62ose=1")) {
            assertThat(rig.statusFor("evil.example", "/readyz" + query))
                    .as(query)
                    .isEqualTo(421);
            assertThat(rig.statusFor("evil.example", "/livez" + query))
                    .as(query)
                    .isEqualTo(421);
            assertThat(rig.statusFor("localhost", "/readyz" + query)).as(query).isEqualTo(200);
        }
        assertThat(rig.statusFor("evil.example", "/readyz")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://localhost\r\nOrigin: http://evil.example\r\n",
                "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer another\r\n",
                "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
                "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n"
            })
    void shouldRefuseTwoOfWhatDecides(String headers) throws Exception {
        assertThat(statusOf("GET /api/state HTTP/1.1\r\n" + HOST + headers + "\r\n"))
                .isEqualTo(400);
    }

    @Test
    void shouldTakeJsonAndNothingThatLooksLikeIt() throws Exception {
        // When / Then
        for (String type : List.of(
                "application/json", "application/json; charset=utf-8", "Application/JSON", "application/json ;x")) {
            assertThat(statusOfChange(type)).as(type).isEqualTo(200);
        }
        for (String type : List.of(
                "application/jsonEVIL", "application/json-seq", "application/json, text/plain", "text/json", "")) {
            assertThat(statusOfChange(type)).as(type).isEqualTo(415);
        }
    }

    @Test
    void shouldBoundABodyOfUnknownLength() throws Exception {
        // Given
        String chunk = Integer.toHexString(8_000) + "\r\n" + "x".repeat(8_000) + "\r\n";

        // When
        int status = statusOf("POST /api/replay/plan HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n"
                + "Authorization: Bearer " + TOKEN + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(10)
                + "0\r\n\r\n");

        // Then
        assertThat(status).isIn(0, 413);
        assertThat(rig.topics.asked).isEmpty();
    }

    @Test
    void shouldEndAConnectionAfterManyRequests() throws Exception {
        // Given
        String request = "GET /livez HTTP/1.1\r\n" + HOST + "\r\n";

        // When
        String answers;
        try (RawConnection client = RawConnection.to(rig.port())) {
            answers = client.send(request.repeat(120)).readToEnd();
        }

        // Then
        assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(1 + 100);
    }

    @Test
    void shouldTellNothingOfItself() throws Exception {
        // When / Then
        for (String request : List.of(
                "GET /livez HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /<script> HTTP/1.1\r\n" + HOST + "\r\n",
                "nonsense\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")) {
            try (RawConnection client = RawConnection.to(rig.port())) {
                String answer = client.sendIfOpen(request).endOutput().readToEnd();
                assertThat(answer).contains("Content-Security-Policy: default-src 'none'");
                assertThatNothingIsTold(answer);
            }
        }
    }

    private static void assertThatNothingIsTold(String answer) {
        assertThat(answer.toLowerCase(Locale.ROOT))
                .doesNotContain("server:", "jetty", "exception", "x-powered-by", "<script>", "\tat ");
    }

    private int statusOfChange(String type) throws IOException {
        return statusOf("POST /api/replay/plan HTTP/1.1\r\n" + HOST + "Content-Type: " + type + "\r\n"
                + "Authorization: Bearer " + TOKEN + "\r\nContent-Length: 2\r\n\r\n{}");
    }

    /** 0 when the connection ended before the answer could be read. */
    private int statusOf(String request) throws IOException {
        try (RawConnection client = RawConnection.to(rig.port())) {
            String head = client.sendIfOpen(request).readHead();
            return head.isEmpty() ? 0 : RawConnection.status(head);
        }
    }
}
