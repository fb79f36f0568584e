package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every target is down for a minute, and then up: requests wait, none dies, and all are answered. */
@Tag("patient")
class OutageIT {

    private static final Duration DOWN = Duration.ofSeconds(60);

    @Test
    void shouldEndEveryRequestAsAResultAfterAnOutageOfAllTargets() {
        try (Rig rig = Rig.start("outage")) {
            // Given
            rig.fake().follow("faults: [{status: 500}]");
            AppChild app = rig.launch(TwoTargets.of(rig)
                    .with("breaker.open_for", "5s")
                    .with("breaker.ramp_up", "2s")
                    .with("retry.park_base", "2s")
                    .with("retry.park_cap", "5s"));
            app.awaitReady();

            // When
            rig.sender().send(new Workload("outage", 40).lines(1_000, Seed.next("outage")));
            await().pollDelay(DOWN).atMost(DOWN.multipliedBy(2)).until(() -> true);
            int callsWhileDown = rig.fake().received();
            rig.fake().follow("latency: 20ms");
            rig.awaitAllEnds();

            // Then
            assertThat(rig.terminals().values())
                    .hasSize(1_000)
                    .allSatisfy(end -> assertThat(end).isInstanceOf(Content.Result.class));
            assertThat(callsWhileDown)
                    .as("a provider that is down is probed, not stormed")
                    .isLessThan(1_000);
            await().atMost(Limits.WORK).until(rig::isDrained);
            Judgement.judge(rig);
        }
    }
}
