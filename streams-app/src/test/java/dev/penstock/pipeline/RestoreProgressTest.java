package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTest {

    private static final TopicPartition KEYS = new TopicPartition("keys-changelog", 0);
    private static final TopicPartition CALLS = new TopicPartition("calls-changelog", 0);

    private final RestoreProgress progress = new RestoreProgress();

    @Test
    void shouldTellWhatIsLeftOfAllChangelogs() {
        // Given
        progress.onRestoreStart(KEYS, "keys", 100, 1_100);
        progress.onRestoreStart(CALLS, "calls", 0, 50);

        // When
        progress.onBatchRestored(KEYS, "keys", 399, 300);

        // Then
        assertThat(progress.changelogs()).isEqualTo(2);
        assertThat(progress.records()).isEqualTo(750);
    }

    @Test
    void shouldHaveNothingLeftOnceARestoreHasEndedOrItsTaskHasGone() {
        // Given
        progress.onRestoreStart(KEYS, "keys", 0, 1_000);
        progress.onRestoreStart(CALLS, "calls", 0, 50);

        // When
        progress.onRestoreEnd(KEYS, "keys", 1_000);
        progress.onRestoreSuspended(CALLS, "calls", 10);

        // Then
        assertThat(progress.changelogs()).isZero();
        assertThat(progress.records()).isZero();
    }

    @Test
    void shouldNotOweMoreThanNothing() {
        // Given: what is restored may reach past the end that was known at the start
        progress.onRestoreStart(KEYS, "keys", 0, 10);

        // When
        progress.onBatchRestored(KEYS, "keys", 12, 13);

        // Then
        assertThat(progress.records()).isZero();
    }
}
