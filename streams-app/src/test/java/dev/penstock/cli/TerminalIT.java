package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The one question that a command asks, at a terminal: util-linux' {@code script} is one. Runs after the jar was packaged. */
@Tag("tools")
class TerminalIT {

    private static final Path LAUNCHER = Path.of("../penstock").toAbsolutePath().normalize();
    private static final String QUESTION = "Replay 1 dead letter? [y/N] ";

    @Test
    void shouldReplayOnlyAfterAYes() throws Exception {
        try (CommandsRig rig = CommandsRig.start()) {
            // Given
            rig.topics("asked.");
            rig.write(
                    "asked.dead-letters",
                    "acme",
                    Letters.request("a", ""),
                    Letters.headers(DeadLetterCode.PROVIDER_TIMEOUT));

            // When / Then
            Said no = answer(rig, "n\n");
            assertThat(no.exitCode()).isEqualTo(1);
            assertThat(no.text()).contains("nothing replayed").doesNotContain("\"replayed\"");
            assertThat(rig.read("asked.requests")).isEmpty();
            Said yes = answer(rig, "y\n");
            assertThat(yes.text()).contains("\"replayed\":1");
            assertThat(yes.exitCode()).isZero();
            assertThat(rig.read("asked.requests", 1)).hasSize(1);
        }
    }

    private record Said(int exitCode, String text) {}

    /** Types once the question is there. */
    private static Said answer(CommandsRig rig, String typed) throws Exception {
        String command =
                LAUNCHER + " dead-letters replay --set topics.prefix=asked. --bootstrap-servers " + rig.servers();
        ProcessBuilder builder = new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null");
        builder.environment().put("PENSTOCK_LAUNCHER", "nobuild");
        Process terminal = builder.redirectErrorStream(true).start();
        try (Reader shown = terminal.inputReader(UTF_8);
                Writer keyboard = terminal.outputWriter(UTF_8)) {
            StringBuilder text = new StringBuilder();
            for (int c = shown.read(); c >= 0; c = shown.read()) {
                text.append((char) c);
                if (text.toString().endsWith(QUESTION)) {
                    keyboard.write(typed);
                    keyboard.flush();
                }
            }
            return new Said(terminal.waitFor(), text.toString());
        }
    }
}
