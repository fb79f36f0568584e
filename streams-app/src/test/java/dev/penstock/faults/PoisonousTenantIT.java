package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of one tenant that a provider cannot bear, or refuses over its key, close no target for others: not even where nobody was answered before. */
@Execution(ExecutionMode.CONCURRENT)
class PoisonousTenantIT {

    private static final int POISONOUS = 30;

    private static final int OTHERS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"status=503", "status=500", "status=403 code=forbidden"})
    void shouldAnswerOthersBesideATenantWhoseCallsFail(String failure) {
        String name = "poisonous-" + Integer.toHexString(failure.hashCode());
        try (Rig rig = Rig.start(name)) {
            // Given
            AppChild app = rig.launch(rig.spec("one"));
            app.awaitReady();
            rig.sender().send(lines("poisonous", POISONOUS, " [[fake " + failure + "]]", "\"timeout_ms\":120000,"));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> app.process().current().output().contains("a target"));

            // When
            rig.sender().send(lines("innocent", OTHERS, "", "\"timeout_ms\":40000,"));
            rig.awaitEnds(OTHERS);

            // Then
            await().atMost(Duration.ofSeconds(60)).pollInSameThread().untilAsserted(() -> {
                rig.awaitEnds(0);
                assertThat(rig.terminals().values())
                        .filteredOn(end -> end instanceof Content.Result result
                                && result.tenant().equals("innocent"))
                        .hasSize(OTHERS);
            });
        }
    }

    private static List<Workload.Line> lines(String tenant, int count, String directive, String limits) {
        return IntStream.range(0, count)
                .mapToObj(number -> Workload.line(tenant, tenant + "-" + number + directive, limits))
                .toList();
    }
}
