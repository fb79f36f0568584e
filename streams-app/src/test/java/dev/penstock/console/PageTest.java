package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.Availability;
import dev.penstock.provider.TargetView;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page as HTTP sees it: what it is made of, to whom it is given and with which headers. */
class PageTest {

    private static final List<String> FILES = List.of(
            "/",
            "/console.css",
            "/console.js",
            "/parts.js",
            "/dialogs.js",
            "/charts.js",
            "/icon.svg",
            "/uPlot.js",
            "/uPlot.css");

    private final ConsoleRig rig;

    PageTest() throws ConsoleStartException {
        rig = ConsoleRig.start();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void shouldBeSmallAndLoadNothingFromElsewhere() throws Exception {
        // When
        int bytes = 0;
        for (String file : FILES) {
            HttpResponse<String> answer = rig.get(file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            bytes += answer.body().length();
            if (!file.startsWith("/uPlot") && !file.endsWith(".svg")) {
                assertThat(answer.body()).as(file).doesNotContain("http://", "https://", "innerHTML", "insertAdjacent");
            }
        }

        // Then
        assertThat(bytes).isLessThan(300_000);
        assertThat(rig.get("/").body())
                .doesNotContainPattern(Pattern.compile("<script(?![^>]*src=)|\\son[a-z]+=|style="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/state", "/metrics", "/livez", "/nowhere"})
    void shouldTellBrowsersToBeStrict(String path) throws Exception {
        // When
        HttpResponse<String> answer = rig.get(path);

        // Then
        String policy = answer.headers().firstValue("content-security-policy").orElse("");
        assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("referrer-policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("x-frame-options")).hasValue("DENY");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @Test
    void shouldAnswerUnderItsOwnNamesOnly() throws Exception {
        // When / Then
        for (String host : List.of("127.0.0.1:8080", "localhost", "[::1]:80", "ops.example", "OPS.example:443")) {
            assertThat(rig.statusFor(host, "/api/state")).as(host).isEqualTo(200);
            assertThat(rig.statusFor(host, "/metrics")).as(host).isEqualTo(200);
        }
        for (String host :
                List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "ops.example.")) {
            assertThat(rig.statusFor(host, "/api/state")).as(host).isEqualTo(421);
            assertThat(rig.statusFor(host, "/")).as(host).isEqualTo(421);
            assertThat(rig.statusFor(host, "/metrics")).as(host).isEqualTo(421);
            assertThat(rig.statusFor(host, "/livez")).as(host).isEqualTo(200);
        }
    }

    @Test
    void shouldGiveNothingToPagesOfOtherSites() throws Exception {
        // When / Then
        String own = "http://127.0.0.1:" + rig.port();
        assertThat(rig.get("/api/state", "Origin", own).statusCode()).isEqualTo(200);
        assertThat(rig.get("/api/state", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(rig.get("/api/state", "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(rig.get("/api/state", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(rig.get("/", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(200);
        assertThat(rig.post("/api/replay", "{}", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void shouldSayHowTheInstanceIs() throws Exception {
        // Given
        rig.ready = true;
        rig.targets = List.of(new TargetView("mini", new Availability.Open(), "half_open", "throttled"));
        Counter.builder("penstock.dead.letters")
                .tag("code", "provider.timeout")
                .register(rig.metrics)
                .increment(3);
        Counter.builder("penstock.cache.lookups")
                .tag("result", "hit")
                .register(rig.metrics)
                .increment(7);

        // When
        JsonNode state = new JsonMapper().readTree(rig.get("/api/state").body());

        // Then
        assertThat(state.path("health").path("ready").asBoolean()).isTrue();
        assertThat(state.path("read_only").asBoolean()).isTrue();
        assertThat(state.path("targets").path(0).path("breaker").asString()).isEqualTo("half_open");
        assertThat(state.path("targets").path(0).path("gate").asString()).isEqualTo("throttled");
        assertThat(state.path("cache").path("hits").asInt()).isEqualTo(7);
        assertThat(state.path("dead_letters")
                        .path("since_start")
                        .path("provider.timeout")
                        .asInt())
                .isEqualTo(3);
        assertThat(state.path("budgets").path("enabled").asBoolean()).isFalse();
    }

    @Test
    void shouldBoundWhatIsAsked() throws Exception {
        // When / Then
        assertThat(rig.get("/api/trace?id=" + "x".repeat(2_500)).statusCode()).isEqualTo(400);
        assertThat(rig.get("/api/trace?id=" + "x".repeat(5_000)).statusCode()).isIn(400, 414);
        assertThat(rig.get("/api/trace").body()).contains("id: missing");
        assertThat(rig.get("/api/state?after=soon").statusCode()).isEqualTo(400);
        assertThat(statusOfTooLarge("/api/replay/plan")).isIn(403, 413);
        assertThat(rig.topics.asked).isEmpty();
    }

    /** The server answers and closes without reading all; a client that is still writing then may see the end and not the answer. */
    private int statusOfTooLarge(String path) throws Exception {
        try {
            return rig.post(path, "x".repeat(100_000)).statusCode();
        } catch (IOException closed) {
            return 413;
        }
    }
}
