package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A secret key, words of a prompt and the text of a provider's error: none of them turns up where it must not. */
class CanaryIT {

    private static final String KEY = "sk-canary-7f3e9c";
    private static final String OF_KAFKA = "trust-canary-90ab";
    private static final String OF_A_FILE = "file-canary-c4d7";
    private static final String WORDS = "canary-words-51b2";
    /** Stands in the prompt, as an order to the fake provider, and comes back as the text of its error. */
    private static final String ERROR = "canary_error_88d1";

    @Test
    void shouldLeakNeitherSecretsNorPrompts() throws IOException {
        // Given
        try (Rig rig = Rig.start("canary")) {
            Path file = Files.writeString(rig.directory().resolve("secret"), OF_A_FILE);
            AppChild app = rig.launch(rig.spec("one")
                    .with("kafka.ssl.key.password", "{file: " + file + "}")
                    .with("kafka.ssl.truststore.password", "{env: TRUST}")
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
            for (String page : List.of("/metrics", "/livez?verbose", "/readyz?verbose")) {
                Pages.Page answer = app.pages().get(page);
                assertThat(answer.status()).as(page).isEqualTo(200);
                rig.recorder().add(new Event.Printed(page, answer.text()));
            }

            // Then
            Judgement.judge(
                    rig,
                    Judgement.promises().withCanaries(Set.of(KEY, OF_KAFKA, OF_A_FILE), Set.of(WORDS, ERROR)),
                    new LogAudit());
            assertThat(rig.fake().calls())
                    .as("calls that carried the canaries, retries among them")
                    .hasSize(8);
        }
    }

    private static Workload.Line line(String customId, String directive) {
        Workload.Line plain = Workload.line("canary", customId, "");
        return new Workload.Line("canary", customId, plain.json().replace("?\"", " " + WORDS + directive + "?\""));
    }
}
