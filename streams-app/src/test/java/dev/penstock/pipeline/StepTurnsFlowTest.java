package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has a backlog holds up no other: the tasks of a thread, and the stages of a task, share what a transaction carries. */
class StepTurnsFlowTest {

    private static final Duration TICK = Duration.ofMillis(120);
    private static final StepBudget SMALL = new StepBudget(20, 4L << 20, Duration.ofSeconds(1));
    private static final String[] ONE_PERMIT = {"dispatch.permits=1", "dispatch.waiting.max_items=100000"};

    /** In transactions of {@link #SMALL}, thirty. */
    private static final int BACKLOG = 600;

    private static final int FEW = 3;

    private final TestPipeline first = new TestPipeline(SMALL, ONE_PERMIT);
    private final TestPipeline second = new TestPipeline(first, ONE_PERMIT);

    @AfterEach
    void close() {
        second.close();
        first.close();
    }

    @Test
    void shouldEndTheOverdueCallsOfATaskWhileAnEarlierTaskHasABacklogOfThem() {
        // Given: one of each task is in flight
        send(first, BACKLOG);
        send(second, 2);
        passDeadlines(first, second);

        // When
        int rounds = roundsUntilOneEndsIn(second, () -> {});

        // Then
        assertThat(rounds).isLessThanOrEqualTo(FEW);
        assertThat(first.deadLetters()).hasSizeBetween(1, FEW * SMALL.records());
    }

    /** Records come before timers in each round: here each record of one task finds a backlog to work on. */
    @Test
    void shouldEndTheOverdueCallsOfATaskWhileRecordsOfAnotherTaskMeetABacklog() {
        // Given
        send(first, 2);
        send(second, BACKLOG);
        passDeadlines(second, first);

        // When
        Iterator<Integer> more = IntStream.range(0, BACKLOG).iterator();
        int rounds =
                roundsUntilOneEndsIn(first, () -> second.send("acme", Requests.request("more-" + more.next(), "")));

        // Then
        assertThat(rounds).isLessThanOrEqualTo(FEW);
    }

    /** Each answer that comes meanwhile finds the backlog of duplicates, and comes before any timer. */
    @Test
    void shouldEndTheOverdueCallsOfATaskWhileDuplicatesOfItAreGivenTheirAnswer() {
        // Given
        int leaders = 2 * FEW;
        try (TestPipeline task =
                new TestPipeline(SMALL, "dispatch.permits=" + leaders, "dispatch.waiting.max_items=100000")) {
            for (int i = 0; i < leaders; i++) {
                task.send("acme", Requests.request("a-" + i, ""));
            }
            for (int i = 0; i < BACKLOG; i++) {
                task.send("acme", Requests.request("a-" + Math.max(0, leaders - 1 - i), ""));
            }
            task.send("acme", Requests.request("late", ",\"timeout_ms\":1000"));
            task.commit();
            Iterator<Launch> led = task.takeLaunched().iterator();

            // When
            task.deliver(OutcomeFixtures.answered(led.next(), "hi"));
            task.advance(Duration.ofSeconds(1));
            int rounds = 0;
            int ended = 0;
            while (ended == 0 && rounds < BACKLOG) {
                rounds++;
                task.commit();
                if (led.hasNext()) {
                    task.deliver(OutcomeFixtures.answered(led.next(), "hi"));
                }
                task.advance(TICK);
                ended = task.deadLetters().size();
            }

            // Then
            assertThat(rounds).isLessThanOrEqualTo(FEW);
        }
    }

    private void send(TestPipeline to, int requests) {
        for (int i = 0; i < requests; i++) {
            to.send("acme", Requests.request("a-" + i, ""));
        }
        commit();
    }

    /** In one transaction, of which the first takes all. */
    private static void passDeadlines(TestPipeline takesAll, TestPipeline other) {
        takesAll.advance(Duration.ofMinutes(11));
        other.advance(Duration.ofMinutes(11));
    }

    /** @param records what comes in each round before the timers */
    private int roundsUntilOneEndsIn(TestPipeline task, Runnable records) {
        int rounds = 0;
        int ended = task.deadLetters().size();
        while (ended == 0 && rounds < BACKLOG) {
            rounds++;
            commit();
            records.run();
            first.advance(TICK);
            second.advance(TICK);
            ended = task.deadLetters().size();
        }
        return rounds;
    }

    private void commit() {
        first.commit();
        second.commit();
    }
}
