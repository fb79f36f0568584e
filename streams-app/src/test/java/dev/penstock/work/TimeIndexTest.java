package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeIndexTest {

    private static final byte KIND = 'X';

    private final TombstoneStore store = new TombstoneStore();
    private final TimeIndex index = new TimeIndex(store, KIND);

    private static Bytes row(long millis, String name) {
        return StateKeys.of(KIND, StateKeys.millis(Instant.ofEpochMilli(millis)), StateKeys.text(name));
    }

    @Test
    void shouldBeEmptyAtFirst() {
        // Then
        assertThat(index.first()).isNull();
        assertThat(index.next()).isNull();
        assertThat(index.due(Instant.MAX)).isNull();
        assertThat(index.first(10)).isEmpty();
    }

    @Test
    void shouldFindWhatAnEarlierOwnerLeft() {
        // Given
        store.put(row(70, "b"), new byte[0]);
        store.put(row(60, "a"), new byte[0]);

        // Then
        assertThat(index.next()).isEqualTo(Instant.ofEpochMilli(60));
        assertThat(index.due(Instant.ofEpochMilli(59))).isNull();
        assertThat(index.due(Instant.ofEpochMilli(60))).isEqualTo(row(60, "a"));
        assertThat(index.first(10)).containsExactly(row(60, "a"), row(70, "b"));
    }

    @Test
    void shouldFindWhatIsPutBeforeTheFirst() {
        // Given
        index.put(row(60, "a"));
        assertThat(index.first()).isEqualTo(row(60, "a"));

        // When
        index.put(row(50, "b"));

        // Then
        assertThat(index.first()).isEqualTo(row(50, "b"));
    }

    @Test
    void shouldTouchNoRowOfAnotherKind() {
        // Given
        store.put(Bytes.wrap(new byte[] {KIND - 1, 1}), new byte[0]);
        store.put(Bytes.wrap(new byte[] {KIND + 1, 1}), new byte[0]);

        // Then
        assertThat(index.first(10)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.penstock.Seeds#few")
    void shouldHoldTheSameRowsAsTheStoreWhateverIsPutAndDeleted(long seed) {
        // Given
        Random random = new Random(seed);
        TreeSet<Bytes> expected = new TreeSet<>();
        for (int i = 0; i < random.nextInt(3 * TimeIndex.MOST_IN_MEMORY); i++) {
            Bytes row = row(random.nextInt(5_000), "n" + random.nextInt(3));
            store.put(row, new byte[0]);
            expected.add(row);
        }

        for (int step = 0; step < 5_000; step++) {
            // When
            int kind = random.nextInt(10);
            if (kind < 4) {
                Bytes row = row(random.nextInt(5_000), "n" + random.nextInt(3));
                index.put(row);
                expected.add(row);
            } else if (kind < 7 && !expected.isEmpty()) {
                index.delete(expected.pollFirst());
            } else if (kind < 8) {
                Bytes row = row(random.nextInt(5_000), "n" + random.nextInt(3));
                index.delete(row);
                expected.remove(row);
            }

            // Then
            int most = 1 + random.nextInt(40);
            assertThat(index.first(most))
                    .isEqualTo(new ArrayList<>(expected.stream().limit(most).toList()));
        }
        assertThat(store.size()).isEqualTo(expected.size());
    }

    @Test
    void shouldReadNoMoreForALookAfterTwentyThousandRowsThanAfterOne() {
        // Given
        for (int i = 0; i < 20_000; i++) {
            index.put(row(i, "a"));
            index.delete(row(i, "a"));
            index.first();
        }
        store.takeSteps();

        // When
        for (int i = 0; i < 100; i++) {
            index.put(row(20_000 + i, "a"));
            index.first();
            index.delete(row(20_000 + i, "a"));
            index.first();
        }

        // Then
        assertThat(store.takeSteps()).isLessThan(200);
    }

    @Test
    void shouldPassADeletedRowOnceThoughShortTimesComeBeforeIt() {
        // Given rows of late times that were deleted early, as those of followers that were answered
        index.put(row(1_000_000, "last"));
        for (int i = 0; i < 20_000; i++) {
            index.put(row(500_000 + i, "a"));
            index.delete(row(500_000 + i, "a"));
        }
        index.first();
        store.takeSteps();

        // When
        for (int i = 0; i < 1_000; i++) {
            index.put(row(i, "short"));
            index.first();
            index.delete(row(i, "short"));
            index.first();
        }

        // Then
        assertThat(store.takeSteps()).isLessThan(1_000);
    }

    @Test
    void shouldKeepABoundedNumberOfRowsInMemory() {
        // Given
        List<Bytes> rows = new ArrayList<>();
        index.first();

        // When
        for (int i = 0; i < 10 * TimeIndex.MOST_IN_MEMORY; i++) {
            rows.add(row(i, "a"));
            index.put(rows.getLast());
        }

        // Then
        assertThat(index.inMemory()).isLessThanOrEqualTo(TimeIndex.MOST_IN_MEMORY);
        for (Bytes row : rows) {
            assertThat(index.first()).isEqualTo(row);
            index.delete(row);
        }
        assertThat(index.first()).isNull();
    }
}
