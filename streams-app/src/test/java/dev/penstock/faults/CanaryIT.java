package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A secret key, words of a prompt and the text of a provider's error: none of them turns up where it must not. */
@Execution(ExecutionMode.CONCURRENT)
class CanaryIT {

    private static final String KEY = "sk-canary-7f3e9c";
    private static final String OF_KAFKA = "trust-canary-90ab";
    private static final String OF_A_FILE = "file-canary-c4d7";
    private static final String OF_THE_CONSOLE = "console-canary-5512ee";
    private static final String WRONG_TOKEN = "wrong-canary-token-77aa";
    private static final String WORDS = "canary-words-51b2";
    /** Stands in the prompt, as an order to the fake provider, and comes back as the text of its error. */
    private static final String ERROR = "canary_error_88d1";

    @Test
    void shouldLeakNeitherSecretsNorPrompts() throws IOException {
        // Given
        try (Rig rig = Rig.start("canary")) {
            Path file = Files.writeString(rig.directory().resolve("secret"), OF_A_FILE);
            Path token = Files.writeString(rig.directory().resolve("token"), OF_THE_CONSOLE);
            AppChild app = rig.launch(rig.spec("one")
                    .with("kafka.ssl.key.password", "{file: " + file + "}")
                    .with("kafka.ssl.truststore.password", "{env: TRUST}")
                    .with("console.token", "{file: " + token + "}")
                    .withEnvironment(Map.of(AppSpec.API_KEY, KEY, "TRUST", OF_KAFKA, "PENSTOCK_LOG_LEVEL", "DEBUG")));

            // When
            rig.sender()
                    .send(List.of(
                            line("answered", ""),
                            line("refused", " [[fake status=400 code=" + ERROR + "]]"),
                            line("failed", " [[fake status=500 times=1 code=" + ERROR + "]]"),
                            line("cut", " [[fake cut times=1]]"),
                            line("garbage", " [[fake garbage times=1]]"),
                            new Workload.Line("canary", "broken", "{\"custom_id\":\"x\",\"body\":\"" + WORDS),
                            new Workload.Line("canary", "wrong", "{\"custom_id\":\"x\",\"body\":\"" + WORDS + "\"}")));
            rig.awaitAllEnds();
            String letter = deadLetterOf(rig, "refused");
            Pages pages = app.pages();
            await().atMost(Limits.WORK)
                    .until(() -> pages.get("/api/state").text().contains(letter));
            for (String page : List.of(
                    "/metrics",
                    "/livez?verbose",
                    "/readyz?verbose",
                    "/",
                    "/api/state",
                    "/api/trace?id=answered",
                    "/api/trace?id=refused",
                    "/api/dead-letter?id=" + letter)) {
                print(rig, page, pages.get(page), 200);
            }
            print(rig, "a wrong token", pages.get("/api/dead-letter?prompt&id=" + letter, WRONG_TOKEN), 401);
            print(
                    rig,
                    "a count",
                    pages.post("/api/replay/plan", "{\"ids\":[\"" + letter + "\"]}", OF_THE_CONSOLE),
                    200);
            Pages.Page asked = pages.get("/api/dead-letter?prompt&id=" + letter, OF_THE_CONSOLE);

            // Then
            Judgement.judge(
                    rig,
                    Judgement.promises()
                            .withCanaries(
                                    Set.of(KEY, OF_KAFKA, OF_A_FILE, OF_THE_CONSOLE, WRONG_TOKEN),
                                    Set.of(WORDS, ERROR)),
                    new LogAudit());
            assertThat(rig.fake().calls())
                    .as("calls that carried the canaries, retries among them")
                    .hasSize(8);
            assertThat(asked.text()).as("who has the token and asks for it").contains(WORDS);
            assertThat(pages.get("/metrics").text().lines().filter(series -> !series.startsWith("#")))
                    .as("series of one tenant and one target")
                    .hasSizeBetween(50, 399);
        }
    }

    private static void print(Rig rig, String what, Pages.Page answer, int status) {
        assertThat(answer.status()).as(what).isEqualTo(status);
        rig.recorder().add(new Event.Printed(what, answer.text()));
    }

    private static String deadLetterOf(Rig rig, String customId) {
        return rig.recorder()
                .history()
                .of(Event.Observed.class)
                .filter(each -> each.role() == Role.DEAD_LETTERS)
                .filter(each -> each.message().value().contains("\"" + customId + "\""))
                .map(each -> each.position().requestId())
                .findFirst()
                .orElseThrow();
    }

    private static Workload.Line line(String customId, String directive) {
        Workload.Line plain = Workload.line("canary", customId, "");
        return new Workload.Line("canary", customId, plain.json().replace("?\"", " " + WORDS + directive + "?\""));
    }
}
