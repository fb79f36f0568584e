package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.pipeline.TransactionWork.Carried;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What thousands of requests have coming at once goes out in many transactions, each of them small: counted are all records
 * and rows that a transaction writes, whatever stage writes them.
 */
class StepSizeFlowTest {

    private static final Duration TICK = Duration.ofMillis(200);
    private static final int STEP = StepBudget.USUAL.records();

    /** How often the bytes of a share are written at most: as a row, as a record, and what is told beside. */
    private static final int COPIES = 3;

    private static final int MANY = 1_200;

    /** With {@link #LARGE} bytes each, five budgets of bytes. */
    private static final int SOME = 500;

    private static final int LARGE = 40_000;

    private static final String[] HOLDING = {
        "budgets.enabled=true", "budgets.on_spent=hold", "provider.max_output_tokens=100", "dispatch.permits=10000"
    };

    private TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldEndOverdueCallsInSmallTransactions() {
        // Given
        reopen("dispatch.permits=1", "dispatch.waiting.max_items=100000");
        sendMany();

        // When
        pipeline.advance(Duration.ofMinutes(11));
        List<Carried> transactions = untilNothingIsWritten();

        // Then: all but the one that is in flight
        assertThat(pipeline.deadLetters()).hasSize(MANY - 1);
        assertBounded(transactions, 9);
    }

    @Test
    void shouldEndLargeOverdueCallsInTransactionsOfFewBytes() {
        // Given
        reopen("dispatch.permits=1", "dispatch.waiting.max_items=100000");
        for (int i = 0; i < SOME; i++) {
            send("a-" + i, "x".repeat(LARGE));
        }
        pipeline.commit();

        // When
        pipeline.advance(Duration.ofMinutes(11));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.deadLetters()).hasSize(SOME - 1);
        assertBounded(transactions, 9);
    }

    /** As many as take the time of a step, and the one that had begun. */
    @Test
    void shouldEndSlowOverdueCallsInShortTransactions() {
        // Given
        reopen("dispatch.permits=1", "dispatch.waiting.max_items=100000");
        sendMany();
        pipeline.eachShareTakes(StepBudget.USUAL.time().dividedBy(10));

        // When
        pipeline.advance(Duration.ofMinutes(11));
        pipeline.commit();
        int first = pipeline.deadLetters().size();
        pipeline.advance(TICK);
        pipeline.commit();
        int second = pipeline.deadLetters().size();

        // Then
        assertThat(first).isBetween(5, 11);
        assertThat(second).isBetween(5, 11);
    }

    @Test
    void shouldLetHeldCallsGoInSmallTransactions() {
        // Given
        reopen(HOLDING);
        pipeline.govern("acme", tokens(300));
        sendMany();
        int before = pipeline.takeLaunched().size();

        // When
        pipeline.govern("acme", tokens(1_000_000_000));
        pipeline.advance(Duration.ofMinutes(1));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(MANY - before);
        assertBounded(transactions, 6);
    }

    @Test
    void shouldTakeTurnsOfHeldCallsThatAreSlowToAskFor() {
        // Given
        reopen(HOLDING);
        pipeline.govern("acme", tokens(300));
        sendMany();
        pipeline.takeLaunched();
        pipeline.eachShareTakes(StepBudget.USUAL.time().dividedBy(10));

        // When
        pipeline.govern("acme", tokens(1_000_000_000));
        pipeline.commit();
        int first = pipeline.takeLaunched().size();
        pipeline.advance(Duration.ofMinutes(1));
        pipeline.commit();
        int second = pipeline.takeLaunched().size();

        // Then
        assertThat(first).isLessThanOrEqualTo(11);
        assertThat(second).isBetween(5, 11);
    }

    @Test
    void shouldEndDuplicatesInSmallTransactions() {
        // Given
        reopen("dispatch.waiting.max_items=100000");
        send("a", "hello");
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        for (int i = 0; i < MANY; i++) {
            send("a", "hello");
            commitSometimes(i);
        }

        // When
        pipeline.deliver(OutcomeFixtures.answered(launch, "hi"));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.results()).hasSize(MANY + 1);
        assertBounded(transactions, 8);
    }

    @Test
    void shouldEndThoseWhoShareACallInSmallTransactions() {
        // Given
        reopen("cache.enabled=true", "dispatch.waiting.max_items=100000");
        send("first", "hello");
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        for (int i = 0; i < MANY; i++) {
            send("a-" + i, "hello");
            commitSometimes(i);
        }

        // When
        pipeline.deliver(OutcomeFixtures.completed(launch, "hi"));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.results()).hasSize(MANY + 1);
        assertBounded(transactions, 14);
    }

    /** Their leader ended for a reason of its own, and by then a fresher answer is kept. */
    @Test
    void shouldAnswerReleasedFollowersFromTheCacheInTransactionsOfFewBytes() {
        // Given
        reopen("cache.enabled=true", "dispatch.waiting.max_items=100000");
        pipeline.send("acme", Requests.request("first", ",\"in_doubt\":\"fail\""));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();
        for (int i = 0; i < SOME; i++) {
            send("a-" + i, "hello");
            commitSometimes(i);
        }
        keepLargeAnswer();

        // When
        pipeline.deliver(OutcomeFixtures.ended(first, Outcome.Kind.LOST));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.results()).hasSize(SOME + 1);
        assertThat(pipeline.deadLetters()).hasSize(1);
        assertBounded(transactions, 14);
    }

    /** Each leads for a key of its own, as the first of that key has passed its deadline, and finds an answer kept. */
    @Test
    void shouldAnswerReleasedDuplicatesFromTheCacheInTransactionsOfFewBytes() {
        // Given
        reopen("cache.enabled=true", "dispatch.waiting.max_items=100000");
        pipeline.send("acme", Requests.request("first", ""));
        for (int i = 0; i < SOME; i++) {
            pipeline.send("acme", Requests.request("a-" + i, ",\"timeout_ms\":1000"));
            send("a-" + i, "hello");
            commitSometimes(i);
        }
        pipeline.commit();
        pipeline.takeOneLaunched();
        keepLargeAnswer();

        // When
        pipeline.advance(Duration.ofSeconds(2));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.deadLetters()).hasSize(SOME);
        assertThat(pipeline.results()).hasSize(SOME + 1);
        assertBounded(transactions, 21);
    }

    private void keepLargeAnswer() {
        pipeline.send("acme", Requests.request("fresh", ",\"cache\":\"refresh\""));
        pipeline.commit();
        pipeline.deliver(OutcomeFixtures.completed(pipeline.takeOneLaunched(), "x".repeat(LARGE)));
        pipeline.commit();
        pipeline.work().takeEnded();
    }

    @Test
    void shouldCloseWindowsInSmallTransactions() {
        // Given
        reopen("batching.enabled=true", "dispatch.permits=10000", "dispatch.waiting.max_items=100000");
        for (int i = 0; i < MANY; i++) {
            pipeline.send("t-" + i, BatchRig.request("a-" + i, ""));
            commitSometimes(i);
        }

        // When
        pipeline.advance(Duration.ofSeconds(5));
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(MANY);
        assertBounded(transactions, 9);
    }

    @Test
    void shouldResolveDoubtsAtAStartInSmallTransactions() {
        // Given
        reopen("dispatch.permits=10000");
        sendMany();
        assertThat(pipeline.takeLaunched()).hasSize(MANY);
        pipeline.restart(new Owner("node-1", "run-3"), "dispatch.permits=10000");

        // When
        pipeline.caughtUp();
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(MANY);
        assertBounded(transactions, 5);
    }

    /** A tenant each; nothing of their budgets was told before the kill. */
    @Test
    void shouldTellOfBudgetsAtAStartInSmallTransactions() {
        // Given
        String[] sets = {"budgets.enabled=true", "budgets.max_tokens=1000000", "dispatch.permits=10000"};
        reopen(sets);
        for (int i = 0; i < MANY; i++) {
            pipeline.send("t-" + i, Requests.request("a-" + i, ""));
            commitSometimes(i);
        }
        pipeline.commit();
        for (Launch launch : pipeline.takeLaunched()) {
            pipeline.deliver(OutcomeFixtures.answered(launch, "hi"));
        }
        pipeline.commit();
        pipeline.restart(new Owner("node-1", "run-3"), sets);
        pipeline.work().takeEnded();

        // When
        pipeline.caughtUp();
        List<Carried> transactions = untilNothingIsWritten();

        // Then
        assertThat(pipeline.budgets()).hasSizeGreaterThanOrEqualTo(MANY);
        assertBounded(transactions, 6);
    }

    private void reopen(String... sets) {
        pipeline.close();
        pipeline = new TestPipeline(sets);
    }

    private void sendMany() {
        for (int i = 0; i < MANY; i++) {
            pipeline.send("acme", Requests.request("a-" + i, ""));
            commitSometimes(i);
        }
        pipeline.commit();
        pipeline.work().takeEnded();
    }

    /** A commit copies all stores. */
    private void commitSometimes(int sent) {
        if (sent % 200 == 199) {
            pipeline.commit();
        }
    }

    private void send(String name, String question) {
        pipeline.send("acme", Requests.request(name, "").replace("hello", question));
    }

    /** @return all transactions since then */
    private List<Carried> untilNothingIsWritten() {
        pipeline.commit();
        List<Carried> all = new ArrayList<>();
        int quiet = 0;
        for (int turn = 0; quiet < 10 && turn < 400; turn++) {
            List<Carried> ended = pipeline.work().takeEnded();
            all.addAll(ended);
            quiet = ended.stream().allMatch(carried -> carried.written() == 0) ? quiet + 1 : 0;
            pipeline.advance(TICK);
            pipeline.commit();
        }
        return all;
    }

    /** @param writes rows and records that one share of a step comes to at most */
    private static void assertBounded(List<Carried> transactions, int writes) {
        assertThat(transactions.stream().mapToInt(Carried::written).sum()).isGreaterThan(STEP);
        assertThat(transactions)
                .allSatisfy(carried -> assertThat(carried.written())
                        .as("rows and records: %s", carried)
                        .isLessThanOrEqualTo(writes * (STEP + carried.read())))
                .allSatisfy(carried -> assertThat(carried.bytesWritten())
                        .as("bytes: %s", carried)
                        .isLessThanOrEqualTo(COPIES * (StepBudget.USUAL.bytes() + carried.bytesRead() + LARGE)));
    }

    private static String tokens(long most) {
        return "{\"budgets\":[{\"budget_duration\":\"month\",\"max_tokens\":" + most + "}]}";
    }
}
