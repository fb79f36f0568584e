package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SIGTERM under load: no call starts any more, those that run are awaited, and none is made twice. */
@Execution(ExecutionMode.CONCURRENT)
class TerminatedAppIT {

    private static final int PERMITS = 250;

    @Test
    void shouldKeepTheOutcomesOfRunningCallsAndExitWell() {
        // Given
        try (Rig rig = Rig.start("terminated")) {
            rig.fake().hold();
            AppSpec spec = rig.spec("one").patient().with("dispatch.permits", Integer.toString(PERMITS));
            AppChild app = rig.launch(spec);
            rig.sender().send(new Workload("terminated", 40).lines(600, Seed.next("terminated")));
            rig.awaitOpenCalls(app, PERMITS);

            // When
            rig.recordFault(Event.Fault.Kind.TERMINATE, app);
            int exit = app.terminateHoldingCalls(rig.fake(), "latency: 5ms");
            int made = rig.fake().received();
            app.process().startAgain();
            rig.awaitAllEnds();

            // Then
            assertThat(exit).isZero();
            Judgement.judge(rig);
            History history = rig.recorder().history();
            assertThat(history.of(Event.Fault.class))
                    .allSatisfy(fault -> assertThat(fault.openCalls()).isEqualTo(PERMITS));
            assertThat(made)
                    .as("calls of the first run: those that were open at the signal")
                    .isEqualTo(PERMITS);
            assertThat(history.of(Event.ProviderCall.class)).hasSize(600);
        }
    }
}
