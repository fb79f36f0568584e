package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGSTOP until the group has given up an instance, then SIGCONT: its late work is fenced or counted, never doubled. */
@Tag("patient")
class PausedAppIT {

    @Test
    void shouldFenceWhatAPausedInstanceComesBackWith() {
        // Given
        int requests = 900;
        try (Rig rig = Rig.start("paused")) {
            rig.fake().hold();
            AppChild sleeper = rig.launch(rig.spec("sleeper").patient().with("dispatch.permits", "250"));
            AppChild waker = rig.launch(rig.spec("waker").patient().with("dispatch.permits", "250"));
            sleeper.awaitReady();
            waker.awaitReady();
            rig.sender().send(new Workload("paused", 60).lines(requests, Seed.next("paused")));
            rig.awaitOpenCalls(300);

            // When
            rig.pause(sleeper);
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();
            rig.resume(sleeper);

            // Then
            await().atMost(Limits.START).until(() -> sleeper.pages().isReady() && rig.isDrained());
            Judgement.judge(
                    rig,
                    Judgement.promises(),
                    Judgement.afterKill()
                            .allow(
                                    "RecordCollectorImpl.*(InvalidProducerEpoch|ProducerFenced)",
                                    "what the paused instance still had to send is fenced: that is what is wanted")
                            .allow(
                                    "the pipeline cannot go on",
                                    "a commit that was fenced while paused may end the process")
                            .allow("opted to SHUTDOWN_CLIENT", "the same, in the words of Streams"));
            assertThat(rig.recorder().history().of(Event.ProviderCall.class).count())
                    .isBetween(
                            (long) requests,
                            (long) requests + rig.recorder().history().callsInFlightAtFaults(Judgement.OUTCOME_WITHIN));
        }
    }
}
