package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.History;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SIGTERM under load: no call starts any more, those that run are awaited, and none is made twice. */
@Execution(ExecutionMode.CONCURRENT)
class TerminatedAppIT {

    /** From the signal until the process has heard of it. */
    private static final Duration HEARD = Duration.ofSeconds(1);

    @Test
    void shouldKeepTheOutcomesOfRunningCallsAndExitWell() {
        // Given
        try (Rig rig = Rig.start("terminated")) {
            rig.fake().follow("latency: 3s");
            AppSpec spec = rig.spec("one").with("dispatch.permits", "250");
            AppChild app = rig.launch(spec);
            rig.sender().send(new Workload("terminated", 40).lines(600, Seed.next("terminated")));
            rig.awaitOpenCalls(app, 200);

            // When
            rig.recordFault(Event.Fault.Kind.TERMINATE, app);
            Instant signalled = Instant.now();
            int exit = app.terminate();
            int made = rig.fake().received();
            app.process().startAgain();
            rig.awaitAllEnds();

            // Then
            assertThat(exit).isZero();
            Judgement.judge(rig);
            History history = rig.recorder().history();
            assertThat(history.of(Event.Fault.class))
                    .allSatisfy(fault -> assertThat(fault.openCalls()).isGreaterThanOrEqualTo(200));
            assertThat(history.of(Event.ProviderCall.class)
                            .filter(call -> call.startedAt().isBefore(signalled.plus(HEARD))))
                    .as("calls that started before the signal was heard, of all that the first run made")
                    .hasSize(made);
            assertThat(history.of(Event.ProviderCall.class)).hasSize(600);
        }
    }
}
