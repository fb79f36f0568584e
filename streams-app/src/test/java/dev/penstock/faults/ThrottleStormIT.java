package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The provider refuses everything with 429 and asks for five seconds, for half a minute. */
@Tag("patient")
class ThrottleStormIT {

    private static final int REQUESTS = 1_000;
    private static final Duration STORM = Duration.ofSeconds(30);
    private static final Duration ASKED = Duration.ofSeconds(5);

    /** What was on its way when a refusal came may still arrive. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    @Test
    void shouldAskNoSoonerThanItWasToldAndHardlyMoreThanItMust() {
        try (Rig rig = Rig.start("throttle")) {
            // Given
            rig.fake().follow("faults: [{status: 429, retry_after: 5s}]");
            AppChild app = rig.launch(rig.spec("one").with("dispatch.permits", "50"));
            app.awaitReady();

            // When
            rig.sender().send(new Workload("throttle", 40).lines(REQUESTS, Seed.next("throttle")));
            await().pollDelay(STORM).atMost(STORM.multipliedBy(2)).until(() -> true);
            List<Event.ProviderCall> refused = rig.fake().calls();
            String targets = app.pages().get("/readyz?verbose").text();
            rig.fake().follow("latency: 20ms");
            rig.awaitAllEnds();

            // Then
            assertThat(rig.terminals().values())
                    .hasSize(REQUESTS)
                    .allSatisfy(end -> assertThat(end).isInstanceOf(Content.Result.class));
            assertThat(refused).isNotEmpty();
            assertThat(targets).as("a refusal is no failure").contains("breaker=closed");
            assertThat(early(refused)).as("calls before the time asked for").isEmpty();
            assertThat(rig.fake().received()).isLessThanOrEqualTo(REQUESTS + REQUESTS / 10);
            await().atMost(Limits.WORK).until(rig::isDrained);
            Judgement.judge(rig);
        }
    }

    /** Calls within the time that an earlier refusal asked for, but for those that were on their way. */
    private static List<Event.ProviderCall> early(List<Event.ProviderCall> refused) {
        return refused.stream()
                .filter(call -> refused.stream().anyMatch(earlier -> isEarly(call, earlier.endedAt())))
                .toList();
    }

    private static boolean isEarly(Event.ProviderCall call, @Nullable Instant refusedAt) {
        return refusedAt != null
                && call.startedAt().isAfter(refusedAt.plus(ON_ITS_WAY))
                && call.startedAt().isBefore(refusedAt.plus(ASKED));
    }
}
