package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.work.Transactions.PostCommit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final List<String> happened = new ArrayList<>();
    private final Outbox outbox = new Outbox();

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
    void shouldGrantFanOutUpToTheRecordsOfATransactionAndAgainAfterIt() {
        // Given
        for (int i = 0; i < Outbox.FAN_OUT_RECORDS; i++) {
            assertThat(outbox.claimFanOut(1)).isTrue();
        }

        // When / Then
        assertThat(outbox.claimFanOut(1)).isFalse();
        outbox.drop();
        assertThat(outbox.claimFanOut(1)).isTrue();
    }

    @Test
    void shouldGrantFanOutUpToTheBytesOfATransactionButAlwaysOne() {
        assertThat(outbox.claimFanOut(Outbox.FAN_OUT_BYTES + 1)).isTrue();
        assertThat(outbox.claimFanOut(1)).isFalse();
        outbox.release();
        assertThat(outbox.claimFanOut(Outbox.FAN_OUT_BYTES - 1)).isTrue();
        assertThat(outbox.claimFanOut(1)).isTrue();
        assertThat(outbox.claimFanOut(1)).isFalse();
    }

    @Test
    void shouldFindTheOutboxOfTheCallingThread() throws Exception {
        // Given
        Outboxes outboxes = new Outboxes();
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
        Outboxes outboxes = new Outboxes();
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
        assertThatThrownBy(() -> new Outboxes().afterCommit(action("a")))
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
