package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.embedded.OwnBroker;
import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.PerTenantOrderOfAdmission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scenario 16: the host's clock is set an hour ahead, and two hours back, while calls are in flight. */
@OwnBroker("the clock of a broker process is set, which a container's is not")
@Tag("tools")
class ClockStepIT {

    private static final int REQUESTS = 300;
    private static final int OPEN_CALLS = 60;

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldExpireNothingAndRepeatNoCallBecauseTheClockIsSet() {
        // Given
        try (Rig rig = Rig.start("clock-step")) {
            HostClock clock = HostClock.in(rig.directory());
            AppChild app = rig.launch(rig.spec("one")
                    .patient()
                    .with("dispatch.permits", "200")
                    .with("dispatch.default_deadline", "6h")
                    .withEnvironment(clock.environment()));
            app.awaitReady();
            List<Workload.Line> lines = new Workload("clock-step", 40).lines(2 * REQUESTS, Seed.next("clock-step"));

            // When
            setWhileCalling(rig, app, lines.subList(0, REQUESTS), clock, Duration.ofHours(1));
            setWhileCalling(rig, app, lines.subList(REQUESTS, 2 * REQUESTS), clock, Duration.ofHours(-1));

            // Then
            Judgement.judge(
                    rig,
                    Judgement.promises()
                            .without(
                                    PerTenantOrderOfAdmission.class,
                                    "it compares times of admission, and the clock that gives them was set back"),
                    whenTheClockIsSet());
            assertThat(rig.terminals().values()).hasSize(2 * REQUESTS).allMatch(end -> end instanceof Content.Result);
            assertThat(rig.recorder().history().of(Event.ProviderCall.class)).hasSize(2 * REQUESTS);
            assertThat(rig.recorder().history().of(Event.Fault.class))
                    .allMatch(fault -> fault.openCalls() >= OPEN_CALLS);
        }
    }

    private static void setWhileCalling(
            Rig rig, AppChild app, List<Workload.Line> lines, HostClock clock, Duration ahead) {
        rig.fake().follow("{hold: true, latency: 5s}");
        rig.sender().send(lines);
        rig.awaitOpenCalls(app, OPEN_CALLS);
        rig.recordFault(Event.Fault.Kind.CLOCK_STEP, app);
        clock.isAheadBy(ahead);
        rig.fake().follow("latency: 5s");
        rig.awaitAllEnds();
    }

    private static LogAudit whenTheClockIsSet() {
        return Judgement.afterKill()
                .allow("the pipeline cannot go on", "an instance ends when the clock is set, and is started again")
                .allow("opted to SHUTDOWN_CLIENT", "the same, in the words of Streams")
                .allow("RecordCollectorImpl.*TimeoutException", "what was on its way counts as an hour old")
                .allow("Failed to process stream task", "a task whose records were on their way is made anew")
                .allow(
                        "Exception caught while committing tasks|Failed to close task manager",
                        "a transaction that counts as an hour old cannot be committed while the instance ends");
    }
}
