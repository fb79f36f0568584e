package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.EveryRepeatHasItsFault;
import dev.penstock.guarantees.LedgerEqualsUsage;
import dev.penstock.guarantees.NoCrossTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A producer that is not ours, with its own partitioner and none of our headers or keys. */
@Tag("tools")
class KcatIT {

    private static final String CHANGED =
            "the examples leave model and output cap to the program, so calls cannot be joined to them by body";
    private static final Path EXAMPLES = Path.of("..", "examples", "requests.jsonl");

    @Test
    void shouldEndEveryLineThatKcatSends() throws IOException, InterruptedException {
        // Given
        try (Rig rig = Rig.start("kcat")) {
            rig.launch(rig.spec("one"));

            // When
            Process kcat = new ProcessBuilder(List.of(
                            "kcat",
                            "-P",
                            "-b",
                            rig.bootstrap(),
                            "-t",
                            rig.topics().names().requests(),
                            "-l",
                            EXAMPLES.toString()))
                    .inheritIO()
                    .start();
            assertThat(kcat.waitFor(Limits.START.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(kcat.exitValue()).isZero();

            // Then
            long lines;
            try (var all = Files.lines(EXAMPLES)) {
                lines = all.filter(line -> !line.isEmpty()).count();
            }
            rig.awaitEnds(Math.toIntExact(lines));
            Judgement.judge(
                    rig,
                    Judgement.promises()
                            .without(NoCrossTenant.class, "the examples hold conversations and faults of their own")
                            .without(EveryRepeatHasItsFault.class, CHANGED)
                            .without(LedgerEqualsUsage.class, CHANGED),
                    new LogAudit());
            assertThat(rig.terminals()).hasSize(Math.toIntExact(lines));
        }
    }
}
