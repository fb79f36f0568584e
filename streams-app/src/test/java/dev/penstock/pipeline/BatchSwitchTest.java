package dev.penstock.pipeline;

import static dev.penstock.pipeline.BatchRig.ON;
import static dev.penstock.pipeline.BatchRig.WINDOW;
import static dev.penstock.pipeline.BatchRig.request;
import static dev.penstock.pipeline.BatchRig.texts;
import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.work.DueTimes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batching is switched off, its window becomes another, and more waits in windows than should. */
class BatchSwitchTest {

    private static final Owner NEXT_RUN = new Owner("node-1", "run-3");

    private TestPipeline pipeline = new TestPipeline(ON);

    @AfterEach
    void close() {
        pipeline.close();
    }

    /** Lets the next request have that offset: a pipeline that is started again counts anew. */
    private void startAt(int offset) {
        for (int i = 0; i < offset; i++) {
            pipeline.send("other", "not a request");
        }
        pipeline.deadLetters();
    }

    @Test
    void shouldLetGoAloneWhoWaitsForOthersWhenTheStageIsSwitchedOff() throws Exception {
        // Given
        BatchRig rig = new BatchRig(pipeline);
        rig.ask(3);

        // When
        pipeline.restart(NEXT_RUN);
        pipeline.caughtUp();
        pipeline.advance(WINDOW);
        pipeline.commit();
        List<Launch> launched = pipeline.takeLaunched();
        launched.forEach(each -> pipeline.deliver(completed(each, "alone")));
        pipeline.advance(Duration.ofMinutes(2));
        pipeline.commit();

        // Then
        assertThat(launched)
                .extracting(each -> each.ticket().id().toString())
                .containsExactly("llm.requests-0-0", "llm.requests-0-1", "llm.requests-0-2");
        assertThat(texts(rig.results())).isEqualTo(Map.of("a-0", "alone", "a-1", "alone", "a-2", "alone"));
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.stores().size("batching")).isZero();
    }

    @Test
    void shouldEndACallThatIsSharedWhenTheStageIsSwitchedOff() throws Exception {
        // Given
        BatchRig rig = new BatchRig(pipeline);
        Launch launch = rig.askedTogether(3);
        SharedAnswers answers = new SharedAnswers(launch).without("a-1");

        // When
        pipeline.restart(NEXT_RUN);
        pipeline.deliver(completed(launch, answers.json()));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        Launch again = pipeline.takeOneLaunched();
        pipeline.deliver(completed(again, "alone"));

        // Then
        assertThat(texts(rig.results())).isEqualTo(Map.of("a-0", "re: a-0", "a-1", "alone", "a-2", "re: a-2"));
        assertThat(pipeline.stores().size("batching")).isZero();
    }

    /** The call was lost with the process; its members are stored with it, so it is made again and shared as it was. */
    @Test
    void shouldMakeALostCallAgainWhenTheStageIsSwitchedOff() throws Exception {
        // Given
        BatchRig rig = new BatchRig(pipeline);
        rig.askedTogether(2);

        // When
        pipeline.restart(NEXT_RUN);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        Launch again = pipeline.takeOneLaunched();
        pipeline.deliver(completed(again, new SharedAnswers(again).json()));

        // Then
        assertThat(texts(rig.results())).isEqualTo(Map.of("a-0", "re: a-0", "a-1", "re: a-1"));
    }

    @Test
    void shouldCloseWindowsThatOpenedUnderALongerOneByTheShorterOne() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "batching.window=1m");
        BatchRig rig = new BatchRig(pipeline);
        rig.ask(2);

        // When
        pipeline.restart(NEXT_RUN, ON);
        pipeline.caughtUp();
        startAt(2);
        pipeline.send("acme", request("b-0", ",\"attempt_timeout_ms\":1000,\"timeout_ms\":1500"));
        rig.closeWindows();
        List<Launch> launched = pipeline.takeLaunched();
        launched.forEach(each -> {
            SharedAnswers shared = new SharedAnswers(each);
            pipeline.deliver(completed(each, shared.size() > 0 ? shared.json() : "alone"));
        });

        // Then
        assertThat(launched).hasSize(2);
        assertThat(texts(rig.results())).isEqualTo(Map.of("a-0", "re: a-0", "a-1", "re: a-1", "b-0", "alone"));
        pipeline.advance(Duration.ofMinutes(2));
        assertThat(pipeline.stores().size("batching")).isZero();
    }

    /** A member that joins is promised the shorter window, and may have no time for more. */
    @Test
    void shouldKeepNobodyWhoJoinsLongerThanTheShorterWindow() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "batching.window=1m");
        BatchRig rig = new BatchRig(pipeline);
        pipeline.send("acme", request("a-0", ",\"attempt_timeout_ms\":1000"));
        pipeline.commit();

        // When
        pipeline.restart(NEXT_RUN, ON);
        pipeline.caughtUp();
        startAt(1);
        pipeline.send("acme", request("a-1", ",\"attempt_timeout_ms\":1000,\"timeout_ms\":1500"));
        pipeline.commit();
        pipeline.restart(new Owner("node-2", "run-1"), ON, "batching.window=1m");
        pipeline.caughtUp();
        rig.closeWindows();
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(completed(launch, new SharedAnswers(launch).json()));

        // Then
        assertThat(texts(rig.results())).isEqualTo(Map.of("a-0", "re: a-0", "a-1", "re: a-1"));
    }

    /** A clock that was set back must not keep a window open, with traffic or without. */
    @Test
    void shouldCloseAWindowOfTheFutureAtOnce() {
        // Given
        new BatchRig(pipeline).ask(2);

        // When
        pipeline.stepBack(Duration.ofHours(1));
        pipeline.restart(NEXT_RUN, ON);
        pipeline.caughtUp();
        pipeline.advance(DueTimes.FLOOR);
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldTouchNoStoreWhereTheStageIsOff() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline();
        pipeline.stores().takeAccesses("batching");

        // When
        pipeline.send("acme", request("a-0", ""));
        pipeline.send("acme", request("a-1", ""));
        pipeline.commit();
        List<Launch> launched = pipeline.takeLaunched();
        launched.forEach(each -> pipeline.deliver(completed(each, "alone")));

        // Then
        assertThat(launched).hasSize(2);
        assertThat(pipeline.stores().takeAccesses("batching")).isZero();
    }

    @Test
    void shouldHoldIntakeBackWhileTooManyWaitForOthers() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "dispatch.waiting.max_items=3", "batching.window=1m");
        for (int i = 0; i < 4; i++) {
            pipeline.send("acme", request("a-" + i, ",\"timeout_ms\":600000,\"attempt_timeout_ms\":" + (1000 + i)));
        }
        pipeline.commit();
        boolean open = pipeline.valve().isOpen(0);

        // When
        pipeline.advance(Duration.ofMinutes(1));
        pipeline.commit();

        // Then
        assertThat(open).isFalse();
        assertThat(pipeline.takeLaunched()).hasSize(4);
        assertThat(pipeline.valve().isOpen(0)).isTrue();
    }

    @Test
    void shouldHoldIntakeBackForWhatAnEarlierRunLeftInWindows() {
        // Given
        BatchRig rig = new BatchRig(pipeline);
        rig.ask(4);

        // When
        pipeline.restart(NEXT_RUN, ON, "dispatch.waiting.max_items=3");
        pipeline.caughtUp();
        boolean open = pipeline.valve().isOpen(0);
        rig.closeWindows();

        // Then
        assertThat(open).isFalse();
        assertThat(pipeline.valve().isOpen(0)).isTrue();
    }
}
