package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.EveryRepeatHasItsFault;
import dev.penstock.guarantees.LedgerEqualsUsage;
import dev.penstock.guarantees.Role;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * A provider that hangs, drips, breaks off or answers nonsense, once for each request: the attempt ends with the right code,
 * the next one is answered, and requests beside them do not notice.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class ProviderFaultsIT {

    /** What the fake is told, and how the attempt is reported. */
    private static final Map<String, String> FAULTS = new LinkedHashMap<>();

    static {
        // The fake knows of no caller that has left: a hang that ends lets it come to rest.
        FAULTS.put("late=20s", "timeout");
        FAULTS.put("drip=1s", "timeout");
        FAULTS.put("cut", "cut");
        FAULTS.put("close", "cut");
        FAULTS.put("empty", "unusable_answer");
        FAULTS.put("garbage=html", "unusable_answer");
        FAULTS.put("garbage=array", "unusable_answer");
        FAULTS.put("garbage=truncated", "unusable_answer");
        FAULTS.put("garbage=no_choices", "unusable_answer");
        FAULTS.put("status=500", "server_error");
        FAULTS.put("status=503", "unavailable");
        FAULTS.put("status=408", "unavailable");
    }

    private static final String TENANT = "faulty";

    @Test
    void shouldEndEachAttemptWithItsCodeAndAnswerTheRequestAllTheSame() {
        try (Rig rig = Rig.start("provider-faults")) {
            // Given
            AppChild app = rig.launch(rig.spec("one")
                    .with("provider.timeout", "2s")
                    .with("breaker.consecutive_failures", "100")
                    .with("breaker.failure_rate_percent", "100"));
            app.awaitReady();

            // When
            FAULTS.keySet()
                    .forEach(fault -> rig.sender()
                            .send(List.of(Workload.line(TENANT, fault + " [[fake " + fault + " times=1]]", ""))));
            rig.sender().send(List.of(Workload.line(TENANT, "too large [[fake huge=50000000]]", "")));
            rig.sender().send(new Workload("beside", 5).lines(50, Seed.next("provider-faults")));
            rig.awaitAllEnds();

            // Then
            Map<String, List<String>> outcomes = new HashMap<>();
            for (JsonNode result : ResultSections.of(rig)) {
                outcomes.put(result.path("request_id").asString(), ResultSections.outcomes(result));
            }
            assertThat(outcomes).hasSize(FAULTS.size() + 50);
            assertThat(outcomes.values().stream()
                            .filter(attempts -> attempts.size() > 1)
                            .map(List::getFirst))
                    .containsExactlyInAnyOrderElementsOf(FAULTS.values());
            assertThat(outcomes.values())
                    .allSatisfy(attempts -> assertThat(attempts.getLast()).isEqualTo("ok"));
            assertThat(rig.terminals().values())
                    .filteredOn(end -> end instanceof Content.DeadLetter)
                    .extracting(Object::toString)
                    .singleElement()
                    .asString()
                    .contains("provider.answer_too_large");
            Judgement.judge(
                    rig,
                    Judgement.promises()
                            .without(
                                    EveryRepeatHasItsFault.class,
                                    "the fake takes a call for answered though its caller has left")
                            .without(
                                    LedgerEqualsUsage.class,
                                    "nonsense may name its usage, which is billed though nothing was answered"),
                    new LogAudit());
            assertThat(rig.recorder().history().of(Event.Observed.class).filter(each -> each.role() == Role.USAGE))
                    .as("charges: each answer, each attempt before it but the 503, and the answer that was too large")
                    .hasSize(50 + 2 * FAULTS.size() - 1 + 1);
        }
    }
}
