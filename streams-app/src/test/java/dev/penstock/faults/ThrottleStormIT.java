package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The provider refuses everything with 429 and asks for five seconds, for half a minute. */
@Tag("patient")
class ThrottleStormIT {

    private static final int REQUESTS = 1_000;
    private static final Duration STORM = Duration.ofSeconds(30);
    private static final Duration ASKED = Duration.ofSeconds(5);

    private static final Duration START_WITHIN = Duration.ofSeconds(2);

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
            int refused = rig.fake().received();
            String targets = app.pages().get("/readyz?verbose").text();
            rig.fake().follow("latency: 20ms");
            rig.awaitAllEnds();

            // Then
            assertThat(rig.terminals().values())
                    .hasSize(REQUESTS)
                    .allSatisfy(end -> assertThat(end).isInstanceOf(Content.Result.class));
            assertThat(refused).isPositive();
            assertThat(targets).as("a refusal is no failure").contains("breaker=closed");
            assertThat(rig.fake().received()).isLessThanOrEqualTo(REQUESTS + REQUESTS / 10);
            await().atMost(Limits.WORK).until(rig::isDrained);
            Judgement.judge(rig);
            List<Attempt> attempts = attemptsOf(rig);
            assertThat(attempts).hasSizeGreaterThan(REQUESTS);
            assertThat(early(attempts)).as("calls before the time asked for").isEmpty();
        }
    }

    /** One attempt by the program's own clock: when it began, and when its answer had been read. */
    private record Attempt(Instant startedAt, Instant endedAt, boolean refused) {}

    /** Each refusal gives its call back at once, so that an outcome is of one attempt. */
    private static List<Attempt> attemptsOf(Rig rig) {
        return rig.recorder()
                .history()
                .of(Event.Observed.class)
                .filter(observed -> observed.role() == Role.OUTCOMES)
                .map(observed -> JsonMapper.shared().readTree(observed.message().value()))
                .filter(outcome -> !outcome.path("attempts").isEmpty())
                .map(outcome -> new Attempt(
                        Instant.parse(outcome.path("started_at").asString()),
                        Instant.parse(outcome.path("ended_at").asString()),
                        !outcome.path("kind").asString().equals("answered")))
                .toList();
    }

    /** A call leaves within its start limit or not at all: one that began later was decided after the refusal was read. */
    private static List<Attempt> early(List<Attempt> attempts) {
        return attempts.stream()
                .filter(call -> attempts.stream().anyMatch(earlier -> earlier.refused() && isEarly(call, earlier)))
                .toList();
    }

    /** The pause counts from when the refusal was read, which was before its end was written down. */
    private static boolean isEarly(Attempt call, Attempt refused) {
        return call.startedAt().isAfter(refused.endedAt().plus(START_WITHIN))
                && call.startedAt().isBefore(refused.startedAt().plus(ASKED));
    }
}
