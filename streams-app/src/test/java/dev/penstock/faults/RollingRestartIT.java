package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An instance joins, all are restarted in turn, one leaves for good; all under load, and no call is repeated. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class RollingRestartIT {

    private static final int LINES = 3_500;
    private static final int OPEN_CALLS = 20;

    @Test
    void shouldMakeEachCallOnceWhileInstancesComeAndGo() {
        // Given
        try (Rig rig = Rig.start("rolling")) {
            rig.fake().hold();
            List<AppChild> apps =
                    Stream.of("one", "two").map(name -> launch(rig, name)).toList();
            apps.forEach(AppChild::awaitReady);
            Workload workload = new Workload("rolling", 60);
            List<Workload.Line> lines = workload.lines(LINES, Seed.next("rolling"));

            // When
            rig.sender().send(lines.subList(0, 1_000));
            rig.awaitOpenCalls(80);
            AppChild joiner = launch(rig, "three");
            joiner.awaitReady();
            rig.sender().send(lines.subList(1_000, LINES));
            // Each is asked to end with calls of its own under way; whatever the others do not hold waits for it.
            for (AppChild app : apps) {
                endUnderLoad(rig, app);
                app.process().startAgain();
                app.awaitReady();
            }
            endUnderLoad(rig, joiner);
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            Judgement.judge(rig);
            assertThat(rig.recorder().history().of(Event.ProviderCall.class)).hasSize(LINES);
            assertThat(rig.recorder().history().of(Event.Fault.class))
                    .hasSize(3)
                    .allSatisfy(fault -> assertThat(fault.openCalls()).isGreaterThanOrEqualTo(OPEN_CALLS));
        }
    }

    private static void endUnderLoad(Rig rig, AppChild app) {
        rig.awaitOpenCalls(app, OPEN_CALLS);
        rig.recordFault(Event.Fault.Kind.TERMINATE, app);
        assertThat(app.terminateHoldingCalls(rig.fake(), "latency: 2s")).isZero();
        rig.fake().hold();
    }

    /** Neither its session nor its transaction may run out because the machine stands still: that would be another fault. */
    private static AppChild launch(Rig rig, String name) {
        return rig.launch(rig.spec(name)
                .with("provider.timeout", "10m")
                .with("dispatch.permits", "50")
                .with("streams.session_timeout", "30s")
                .with("streams.transaction_timeout", "60s"));
    }
}
