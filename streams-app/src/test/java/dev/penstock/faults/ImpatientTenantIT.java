package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.EveryRepeatHasItsFault;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How little time a tenant gives its own calls says nothing of a target that others use. */
@Execution(ExecutionMode.CONCURRENT)
class ImpatientTenantIT {

    /** As many in a row as open a breaker, and some more. */
    private static final int IMPATIENT = 12;

    private static final int OTHERS = 5;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"timeout_ms\":3000,\"attempt_timeout_ms\":1,",
                "\"timeout_ms\":3000,\"attempt_timeout_ms\":100,",
                "\"timeout_ms\":300,"
            })
    void shouldAnswerOthersWhateverTimeATenantGivesItsCalls(String limits) {
        String name = "impatient-" + Integer.toHexString(limits.hashCode());
        try (Rig rig = Rig.start(name)) {
            // Given
            rig.fake().follow("latency: 400ms");
            AppChild app = rig.launch(rig.spec("one").with("provider.min_timeout", "1ms"));
            app.awaitReady();
            rig.sender().send(lines("impatient", IMPATIENT, limits));
            rig.awaitEnds(IMPATIENT);

            // When
            rig.sender().send(lines("innocent", OTHERS, "\"timeout_ms\":15000,"));
            rig.awaitAllEnds();

            // Then
            assertThat(app.pages().get("/readyz?verbose").text()).contains("breaker=closed");
            assertThat(app.process().current().output()).doesNotContain("the breaker of a target changed");
            assertThat(rig.terminals().values())
                    .filteredOn(end -> end instanceof Content.Result result
                            && result.tenant().equals("innocent"))
                    .hasSize(OTHERS);
            Judgement.judge(
                    rig,
                    Judgement.promises().without(EveryRepeatHasItsFault.class, "impatience is the only fault"),
                    new LogAudit());
        }
    }

    @Test
    void shouldGiveAnAttemptTheLeastThatItsTargetAllows() {
        try (Rig rig = Rig.start("impatient-raised")) {
            // Given
            rig.fake().follow("latency: 400ms");
            AppChild app = rig.launch(rig.spec("one"));
            app.awaitReady();

            // When
            rig.sender().send(lines("impatient", IMPATIENT, "\"timeout_ms\":8000,\"attempt_timeout_ms\":1,"));
            rig.awaitAllEnds();

            // Then
            assertThat(rig.terminals().values())
                    .hasSize(IMPATIENT)
                    .allSatisfy(end -> assertThat(end).isInstanceOf(Content.Result.class));
            Judgement.judge(rig);
        }
    }

    private static List<Workload.Line> lines(String tenant, int count, String limits) {
        return IntStream.range(0, count)
                .mapToObj(number -> Workload.line(tenant, tenant + "-" + number, limits))
                .toList();
    }
}
