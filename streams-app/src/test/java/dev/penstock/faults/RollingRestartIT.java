package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An instance joins, all are restarted in turn, one leaves for good; all under load, and no call is repeated. */
class RollingRestartIT {

    @Test
    void shouldMakeEachCallOnceWhileInstancesComeAndGo() {
        // Given
        try (Rig rig = Rig.start("rolling")) {
            rig.fake().follow("latency: 1s");
            List<AppChild> apps =
                    Stream.of("one", "two").map(name -> launch(rig, name)).toList();
            apps.forEach(AppChild::awaitReady);
            Workload workload = new Workload("rolling", 60);
            List<Workload.Line> lines = workload.lines(2_000, Seed.next("rolling"));

            // When
            rig.sender().send(lines.subList(0, 1_000));
            rig.awaitOpenCalls(100);
            AppChild joiner = launch(rig, "three");
            joiner.awaitReady();
            rig.sender().send(lines.subList(1_000, 2_000));
            for (AppChild app : apps) {
                rig.recordFault(Event.Fault.Kind.TERMINATE, app);
                assertThat(app.terminate()).isZero();
                app.process().startAgain();
                app.awaitReady();
            }
            rig.recordFault(Event.Fault.Kind.TERMINATE, joiner);
            assertThat(joiner.terminate()).isZero();
            rig.awaitAllEnds();

            // Then
            Judgement.judge(rig);
            assertThat(rig.recorder().history().of(Event.ProviderCall.class)).hasSize(2_000);
        }
    }

    private static AppChild launch(Rig rig, String name) {
        return rig.launch(rig.spec(name).with("dispatch.permits", "150"));
    }
}
