package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.History;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SIGKILL, in the middle of transactions and with calls in flight. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class KilledAppIT {

    private static final int KILLS = 3;
    private static final int OPEN_CALLS = 200;

    @Test
    void shouldEndEveryRequestOnceWhenOneInstanceIsKilledThreeTimes() {
        // Given
        int requests = 1_200;
        try (Rig rig = Rig.start("killed-one")) {
            rig.fake().hold();
            AppChild app = rig.launch(rig.spec("one").patient().with("dispatch.permits", "300"));
            rig.sender().send(new Workload("killed-one", 40).lines(requests, Seed.next("killed-one")));
            app.awaitReady();

            // When
            for (int kill = 0; kill < KILLS; kill++) {
                rig.awaitOpenCalls(app, OPEN_CALLS);
                rig.kill(app);
            }
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            Judgement.judgeQuiet(rig, Judgement.promises(), Judgement.afterKill());
            assertThatFaultsHitWork(rig.recorder().history(), requests);
        }
    }

    @Test
    void shouldEndEveryRequestOnceWhenEachOfThreeInstancesIsKilled() {
        // Given
        int requests = 3_600;
        try (Rig rig = Rig.start("killed-three")) {
            rig.fake().hold();
            List<AppChild> apps = Stream.of("one", "two", "three")
                    .map(name -> rig.launch(rig.spec(name).patient().with("dispatch.permits", "300")))
                    .toList();
            apps.forEach(AppChild::awaitReady);
            rig.sender().send(new Workload("killed-three", 60).lines(requests, Seed.next("killed-three")));

            // When
            for (AppChild app : apps) {
                rig.awaitOpenCalls(app, OPEN_CALLS);
                rig.kill(app);
            }
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            Judgement.judgeQuiet(rig, Judgement.promises(), Judgement.afterKill());
            assertThatFaultsHitWork(rig.recorder().history(), requests);
        }
    }

    private static void assertThatFaultsHitWork(History history, int requests) {
        assertThat(history.of(Event.Fault.class))
                .hasSize(KILLS)
                .allSatisfy(fault -> assertThat(fault.openCalls()).isGreaterThanOrEqualTo(OPEN_CALLS));
        assertThat(history.of(Event.ProviderCall.class).count())
                .isLessThanOrEqualTo(requests + history.callsInFlightAtFaults(Judgement.OUTCOME_WITHIN));
    }
}
