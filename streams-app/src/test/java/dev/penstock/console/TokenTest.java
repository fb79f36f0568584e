package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.config.SecretRef;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may change something, and see prompts. */
class TokenTest {

    private static final String TOKEN = "a-token-of-24-characters";
    private static final String JSON = "application/json";

    @TempDir
    Path directory;

    @Test
    void shouldChangeNothingWithoutAConfiguredToken() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.start()) {
            // When
            HttpResponse<String> plan =
                    rig.post("/api/replay/plan", "{}", "Content-Type", JSON, "Authorization", "Bearer " + TOKEN);

            // Then
            assertThat(plan.statusCode()).isEqualTo(403);
            assertThat(plan.body()).contains("read-only: console.token is not set");
            assertThat(rig.get("/api/dead-letter?id=x&prompt").statusCode()).isEqualTo(403);
            assertThat(rig.topics.asked).isEmpty();
        }
    }

    @Test
    void shouldRefuseAMissingAndAWrongToken() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN))) {
            // When
            HttpResponse<String> missing = rig.post("/api/replay/plan", "{}", "Content-Type", JSON);
            HttpResponse<String> wrong =
                    rig.post("/api/replay", "{}", "Content-Type", JSON, "Authorization", "Bearer " + TOKEN + "x");

            // Then
            assertThat(missing.statusCode()).isEqualTo(401);
            assertThat(missing.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body()).contains("token: wrong").doesNotContain(TOKEN);
            assertThat(rig.get("/api/dead-letter?id=x&prompt").statusCode()).isEqualTo(401);
            assertThat(rig.topics.asked).isEmpty();
        }
    }

    @Test
    void shouldDoWhatItIsAskedWithTheRightToken() throws Exception {
        // Given
        String bearer = "Bearer " + TOKEN;
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN))) {
            // When
            rig.post("/api/replay/plan", "{\"ids\":[\"a\"]}", "Content-Type", JSON, "Authorization", bearer);
            rig.post("/api/replay", "{\"plan\":\"p\"}", "Content-Type", JSON, "Authorization", bearer);
            rig.get("/api/dead-letter?id=x&prompt", "Authorization", bearer);
            rig.get("/api/dead-letter?id=x");

            // Then
            assertThat(rig.topics.asked)
                    .containsExactly("plan {\"ids\":[\"a\"]}", "replay p", "dead letter x true", "dead letter x false");
        }
    }

    @Test
    void shouldRefuseBodiesThatAFormCouldSend() throws Exception {
        // Given
        String bearer = "Bearer " + TOKEN;
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN))) {
            // When / Then
            assertThat(rig.post("/api/replay", "{}", "Content-Type", "text/plain", "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(415);
            assertThat(rig.post("/api/replay", "[", "Content-Type", JSON, "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(400);
            assertThat(rig.post("/api/replay", "x".repeat(100_000), "Content-Type", JSON, "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void shouldNotStartWithATokenThatIsMissingOrShort() throws Exception {
        // Given
        SecretRef shortOne = token("short");
        SecretRef nowhere = new SecretRef.File(directory.resolve("nowhere"));

        // When / Then
        assertThatThrownBy(() -> ConsoleRig.startWithToken(shortOne))
                .hasMessage("console.token: a token of 5 characters (expected: 16 or more)");
        assertThatThrownBy(() -> ConsoleRig.startWithToken(nowhere)).hasMessageStartingWith("console.token: {file: ");
    }

    @Test
    void shouldReadTopicsForOperatorsWhileSomebodyWithoutTheTokenReads() throws Exception {
        // Given
        String bearer = "Bearer " + TOKEN;
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN));
                RawConnection other = RawConnection.to(rig.port())) {
            rig.topics.held = new CountDownLatch(1);
            other.get("/api/trace?id=a");
            rig.topics.reading.await();
            rig.topics.held = null;

            // When / Then
            assertThat(rig.get("/api/trace?id=b").statusCode()).isEqualTo(503);
            assertThat(rig.get("/api/trace?id=b", "Authorization", bearer + "x").statusCode())
                    .isEqualTo(503);
            assertThat(rig.get("/api/trace?id=b", "Authorization", bearer).statusCode())
                    .isEqualTo(200);
            assertThat(rig.post("/api/replay/plan", "{}", "Content-Type", JSON, "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldAnswerWhatFailsAndTellNothingOfIt() throws Exception {
        // Given
        String bearer = "Bearer " + TOKEN;
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN))) {
            rig.topics.broken = true;

            // When
            HttpResponse<String> trace = rig.get("/api/trace?id=a");
            String plan;
            try (RawConnection client = RawConnection.to(rig.port())) {
                client.send("POST /api/replay/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JSON
                        + "\r\nAuthorization: " + bearer + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{");
                rig.get("/livez");
                plan = client.send("}").readToEnd();
            }

            // Then
            assertThat(trace.statusCode()).isEqualTo(500);
            assertThat(plan).startsWith("HTTP/1.1 500");
            assertThat(trace.body() + plan).doesNotContain("secret", "Exception");
            rig.topics.broken = false;
            assertThat(rig.get("/api/trace?id=a").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldReadTopicsForOneOperatorAtATime() throws Exception {
        // Given
        String bearer = "Bearer " + TOKEN;
        try (ConsoleRig rig = ConsoleRig.startWithToken(token(TOKEN));
                RawConnection other = RawConnection.to(rig.port())) {
            rig.topics.held = new CountDownLatch(1);
            other.send("GET /api/trace?id=a HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + bearer + "\r\n\r\n");
            rig.topics.reading.await();
            rig.topics.held = null;

            // When / Then
            assertThat(rig.get("/api/dead-letter?id=b", "Authorization", bearer).statusCode())
                    .isEqualTo(503);
            assertThat(rig.get("/api/dead-letter?id=b").statusCode()).isEqualTo(200);
        }
    }

    private SecretRef token(String text) throws Exception {
        return new SecretRef.File(Files.writeString(directory.resolve("token-" + text.length()), text + "\n"));
    }
}
