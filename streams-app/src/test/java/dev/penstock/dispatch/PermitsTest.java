package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermitsTest {

    private static final int BUSY = 0;
    private static final int QUIET = 1;

    @Test
    void shouldGiveOutAsManyAsThereAre() {
        // Given
        Permits permits = new Permits(2);

        // When / Then
        assertThat(permits.tryAcquire(BUSY)).isTrue();
        assertThat(permits.tryAcquire(QUIET)).isTrue();
        assertThat(permits.tryAcquire(BUSY)).isFalse();
        assertThat(permits.inUse()).isEqualTo(2);
    }

    @Test
    void shouldKeepAReturnedPermitForTheTaskThatHasFewest() {
        // Given
        Permits permits = new Permits(2);
        permits.tryAcquire(BUSY);
        permits.tryAcquire(BUSY);
        permits.want(BUSY, 5);
        permits.want(QUIET, 5);

        // When
        permits.returned(BUSY);

        // Then
        assertThat(permits.tryAcquire(BUSY)).isFalse();
        assertThat(permits.tryAcquire(QUIET)).isTrue();
    }

    @Test
    void shouldPassOnWhatWasKeptForATaskThatNoLongerWantsIt() {
        // Given
        Permits permits = new Permits(1);
        permits.tryAcquire(BUSY);
        permits.want(BUSY, 1);
        permits.want(QUIET, 1);
        permits.returned(BUSY);

        // When
        permits.want(QUIET, 0);

        // Then
        assertThat(permits.tryAcquire(BUSY)).isTrue();
    }

    @Test
    void shouldCountWhatIsKeptForATaskAsUnusedUntilItIsTaken() {
        // Given
        Permits permits = new Permits(3);
        permits.want(QUIET, 2);

        // When
        permits.tryAcquire(QUIET);

        // Then
        assertThat(permits.unused()).isEqualTo(1);
        assertThat(permits.inUse()).isEqualTo(1);
        assertThat(permits.free()).isEqualTo(1);
        permits.want(QUIET, 0);
        assertThat(permits.unused()).isZero();
    }

    @Test
    void shouldWantOneFewerForEachThatWasTaken() {
        // Given
        Permits permits = new Permits(2);
        permits.want(BUSY, 1);
        permits.tryAcquire(BUSY);
        permits.tryAcquire(QUIET);

        // When
        permits.returned(QUIET);

        // Then
        assertThat(permits.unused()).as("kept for nobody").isZero();
        assertThat(permits.free()).isEqualTo(1);
    }

    @Test
    void shouldGiveNothingOutOnceShut() {
        // Given
        Permits permits = new Permits(2);
        permits.tryAcquire(BUSY);
        permits.want(QUIET, 1);

        // When
        permits.shut();

        // Then
        assertThat(permits.tryAcquire(BUSY)).isFalse();
        assertThat(permits.tryAcquire(QUIET)).isFalse();
        permits.returned(BUSY);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void shouldNotTakeAPermitBackTwice() {
        // Given
        Permits permits = new Permits(1);
        permits.tryAcquire(BUSY);
        permits.returned(BUSY);

        // When / Then
        assertThatThrownBy(() -> permits.returned(BUSY)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseACapacityOfNothing() {
        assertThatThrownBy(() -> new Permits(0)).hasMessage("dispatch.permits: 0 (expected: at least 1)");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldNeverExceedItsCapacityNorLoseAPermit(long seed) {
        // Given
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(20);
        int tasks = 1 + random.nextInt(6);
        Permits permits = new Permits(capacity);
        int[] held = new int[tasks];

        // When
        for (int step = 0; step < 5_000; step++) {
            int task = random.nextInt(tasks);
            switch (random.nextInt(4)) {
                case 0, 1 -> held[task] += permits.tryAcquire(task) ? 1 : 0;
                case 2 -> permits.want(task, random.nextInt(5));
                default -> {
                    if (held[task] > 0) {
                        held[task]--;
                        permits.returned(task);
                    }
                }
            }
            int inUse = sum(held);
            assertThat(inUse).isEqualTo(permits.inUse()).isLessThanOrEqualTo(capacity);
        }

        // Then
        for (int task = 0; task < tasks; task++) {
            permits.want(task, 0);
            for (; held[task] > 0; held[task]--) {
                permits.returned(task);
            }
        }
        for (int i = 0; i < capacity; i++) {
            assertThat(permits.tryAcquire(0)).isTrue();
        }
        assertThat(permits.tryAcquire(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void shouldGiveEveryTaskThatWaitsItsFairShareThoughOneStartedWithThemAll(long seed) {
        // Given
        Random random = new Random(seed);
        int tasks = 2 + random.nextInt(5);
        int capacity = tasks * (1 + random.nextInt(5));
        Permits permits = new Permits(capacity);
        int[] held = new int[tasks];
        held[BUSY] = capacity;
        for (int i = 0; i < capacity; i++) {
            permits.tryAcquire(BUSY);
        }
        for (int task = 0; task < tasks; task++) {
            permits.want(task, 1_000);
        }

        // When
        for (int ended = 0; ended < capacity * 4; ended++) {
            int task = random.nextInt(tasks);
            while (held[task] == 0) {
                task = (task + 1) % tasks;
            }
            held[task]--;
            permits.returned(task);
            for (int other = 0; other < tasks; other++) {
                while (permits.tryAcquire(other)) {
                    held[other]++;
                }
                permits.want(other, 1_000);
            }
        }

        // Then
        for (int share : held) {
            assertThat(share).isEqualTo(capacity / tasks);
        }
    }

    private static int sum(int[] held) {
        int sum = 0;
        for (int share : held) {
            sum += share;
        }
        return sum;
    }
}
