package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.work.Transactions.PostCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final StepBudget STEP = StepBudget.USUAL;
    private static final StepShares.Claimant TASK = new StepShares.Claimant(new TaskId(0, 0), "work");
    private static final Duration STEP_TIME = STEP.time();

    private final List<String> happened = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 5;
    private final TransactionRecord record = new TransactionRecord();
    private final Outbox outbox = new Outbox(() -> nanos, STEP, record);

    @Test
    void shouldRunEachActionOnceInOrderWhenTheTransactionIsCommitted() {
        // Given
        outbox.add(action("a"));
        outbox.add(action("b"));

        // When
        outbox.release();
        outbox.release();
        outbox.drop();

        // Then
        assertThat(happened).containsExactly("a committed", "b committed");
    }

    @Test
    void shouldTellEachActionThatItsTransactionWasRolledBack() {
        // Given
        outbox.add(action("a"));

        // When
        outbox.drop();
        outbox.release();

        // Then
        assertThat(happened).containsExactly("a dropped");
    }

    @Test
    void shouldRunTheOthersWhenOneFails() {
        // Given
        outbox.add(new PostCommit() {
            @Override
            public void committed() {
                throw new IllegalStateException("no");
            }

            @Override
            public void dropped() {}
        });
        outbox.add(action("b"));

        // When
        outbox.release();

        // Then
        assertThat(happened).containsExactly("b committed");
    }

    @Test
    void shouldKeepForTheNextTransactionWhatAnActionAdds() {
        // Given
        outbox.add(new PostCommit() {
            @Override
            public void committed() {
                outbox.add(action("next"));
            }

            @Override
            public void dropped() {}
        });

        // When
        outbox.release();
        List<String> afterFirst = List.copyOf(happened);
        outbox.release();

        // Then
        assertThat(afterFirst).isEmpty();
        assertThat(happened).containsExactly("next committed");
    }

    @Test
    void shouldGrantUpToTheRecordsOfATransactionAndAgainAfterIt() {
        // Given
        for (int i = 0; i < StepBudget.USUAL.records(); i++) {
            assertThat(outbox.claim(TASK, 1)).isTrue();
        }

        // When / Then
        assertThat(outbox.claim(TASK, 1)).isFalse();
        outbox.drop();
        assertThat(outbox.claim(TASK, 1)).isTrue();
    }

    @Test
    void shouldGrantUpToTheBytesOfATransactionButAlwaysOne() {
        assertThat(outbox.claim(TASK, StepBudget.USUAL.bytes() + 1)).isTrue();
        assertThat(outbox.claim(TASK, 1)).isFalse();
        outbox.release();
        assertThat(outbox.claim(TASK, StepBudget.USUAL.bytes() - 1)).isTrue();
        assertThat(outbox.claim(TASK, 1)).isTrue();
        assertThat(outbox.claim(TASK, 1)).isFalse();
    }

    @Test
    void shouldGrantForAShortTimeFromTheFirstShareOfATransactionOn() {
        // Given
        outbox.begin();
        nanos += STEP_TIME.toNanos() * 3;

        // When
        boolean first = outbox.claim(TASK, 1);
        nanos += STEP_TIME.toNanos() - 1;
        boolean inTime = outbox.claim(TASK, 1);
        nanos += 1;
        boolean late = outbox.claim(TASK, 1);
        outbox.release();

        // Then
        assertThat(first).isTrue();
        assertThat(inTime).isTrue();
        assertThat(late).isFalse();
        assertThat(outbox.claim(TASK, 1)).isTrue();
    }

    @Test
    void shouldShareOneBudgetAmongAllTasksOfAThreadAndRequestACommitWhenItIsSpent() {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        Outbox ofThread = outboxes.openFor(Thread.currentThread().getName() + "-producer");
        MockProcessorContext<Object, Object> one = new MockProcessorContext<>();
        MockProcessorContext<Object, Object> other = new MockProcessorContext<>();
        for (int i = 0; i < StepBudget.USUAL.records(); i++) {
            assertThat(outboxes.claim(i % 2 == 0 ? one : other, "work", 1)).isTrue();
        }
        assertThat(one.committed()).isFalse();
        assertThat(other.committed()).isFalse();

        // When
        boolean granted = outboxes.claim(other, "work", 1);

        // Then
        assertThat(granted).isFalse();
        assertThat(one.committed()).isFalse();
        assertThat(other.committed()).isTrue();
        ofThread.release();
        assertThat(outboxes.claim(one, "work", 1)).isTrue();
    }

    @Test
    void shouldCountEachTransactionOnceThatLeftWorkToALaterOne() {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        Outbox ofThread = outboxes.openFor(Thread.currentThread().getName() + "-producer");
        MockProcessorContext<Object, Object> task = new MockProcessorContext<>();

        // When
        outboxes.claim(task, "work", StepBudget.USUAL.bytes());
        outboxes.claim(task, "work", 1);
        outboxes.claim(task, "work", 1);
        ofThread.release();
        outboxes.claim(task, "work", StepBudget.USUAL.bytes());
        ofThread.release();

        // Then
        assertThat(outboxes.exhaustedCount()).isEqualTo(1);
    }

    @Test
    void shouldTellHowLongTheLongestTransactionWasWorkedOn() {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        Outbox one = outboxes.openFor("app-StreamThread-1-producer");
        Outbox other = outboxes.openFor("app-StreamThread-2-producer");
        one.begin();
        nanos += Duration.ofSeconds(3).toNanos();
        other.begin();
        nanos += Duration.ofSeconds(1).toNanos();

        // When
        double open = outboxes.longestSeconds();
        one.commits();
        nanos += Duration.ofSeconds(20).toNanos();
        one.release();
        other.drop();

        // Then: the time of a commit is not the thread's, but an open transaction's is
        assertThat(open).isEqualTo(4);
        assertThat(outboxes.longestSeconds()).isEqualTo(21);
    }

    @Test
    void shouldNotCountTheTimeOfACommit() {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        Outbox ofThread = outboxes.openFor("app-StreamThread-1-producer");
        ofThread.begin();
        nanos += Duration.ofSeconds(1).toNanos();

        // When
        ofThread.commits();
        nanos += Duration.ofSeconds(20).toNanos();
        double committing = outboxes.longestSeconds();
        ofThread.release();
        nanos += Duration.ofSeconds(20).toNanos();

        // Then
        assertThat(committing).isEqualTo(1);
        assertThat(outboxes.longestSeconds()).isEqualTo(1);
    }

    @Test
    void shouldFindTheOutboxOfTheCallingThread() throws Exception {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        Outbox first = outboxes.openFor("app-StreamThread-1-producer");
        Outbox second = outboxes.openFor("app-StreamThread-2-producer");

        // When
        Thread.ofPlatform()
                .name("app-StreamThread-2")
                .start(() -> outboxes.afterCommit(action("a")))
                .join();

        // Then
        first.release();
        assertThat(happened).isEmpty();
        second.release();
        assertThat(happened).containsExactly("a committed");
    }

    @Test
    void shouldUseTheNewOutboxOnceAProducerWasReplaced() {
        // Given
        Outboxes outboxes = new Outboxes(() -> nanos, STEP);
        String producer = Thread.currentThread().getName() + "-producer";
        Outbox old = outboxes.openFor(producer);
        Outbox current = outboxes.openFor(producer);

        // When
        outboxes.afterCommit(action("a"));
        old.release();

        // Then
        assertThat(happened).isEmpty();
        current.release();
        assertThat(happened).hasSize(1);
    }

    @Test
    void shouldRefuseAThreadThatHasNoProducer() {
        assertThatThrownBy(() -> new Outboxes(() -> nanos, STEP).afterCommit(action("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Thread.currentThread().getName());
    }

    private PostCommit action(String name) {
        return new PostCommit() {
            @Override
            public void committed() {
                happened.add(name + " committed");
            }

            @Override
            public void dropped() {
                happened.add(name + " dropped");
            }
        };
    }
}
