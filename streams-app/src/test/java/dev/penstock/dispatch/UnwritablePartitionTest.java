package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.PenstockConfig;
import dev.penstock.dispatch.OutcomePublisher.Receipt;
import dev.penstock.provider.Lease;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three partitions; the broker takes no outcome of one of them. */
@Timeout(30)
class UnwritablePartitionTest {

    private static final PenstockConfig CONFIG = PenstockConfig.defaults();
    private static final int PERMITS = 12;
    private static final int SHARE = 4;
    private static final int UNWRITABLE = 1;

    private final Permits permits = new Permits(PERMITS);
    private final List<Integer> written = new CopyOnWriteArrayList<>();
    private final Set<Integer> away = new HashSet<>(Set.of(UNWRITABLE));
    private final List<Receipt> unwritten = new CopyOnWriteArrayList<>();
    private Instant now = Calls.NOW;
    private final Targets targets = RunnerFixtures.targets(
            CONFIG, target -> new ScriptedProvider(call -> ScriptedProvider.answer()), () -> now);
    private final VirtualThreadCallRunner runner =
            RunnerFixtures.runner(CONFIG, targets, this::publish, permits, () -> now);
    private int launched;

    @BeforeEach
    void assign() {
        for (int partition = 0; partition < 3; partition++) {
            runner.assigned(partition);
        }
    }

    private void publish(int partition, Outcome outcome, Receipt receipt) {
        if (away.contains(partition)) {
            unwritten.add(receipt);
        } else {
            written.add(partition);
            receipt.written();
        }
    }

    @Test
    void shouldHoldNoMoreThanItsShareOfThePermitsThoughItHadThemAll() {
        // Given
        List<Launch> all = new ArrayList<>();
        while (permits.tryAcquire(UNWRITABLE)) {
            all.add(prepared(UNWRITABLE));
        }

        // When
        all.forEach(runner::launch);
        awaitIdle();

        // Then
        assertThat(unwritten).hasSize(PERMITS);
        assertThat(permits.inUse()).isEqualTo(SHARE);
        assertThat(runner.unwritten().count()).isEqualTo(PERMITS);
    }

    @Test
    void shouldMakeNoMoreCallsThanItsShareAndDelayNoOtherPartition() {
        // Given
        for (int call = 0; call < PERMITS; call++) {
            callIfAccepted(UNWRITABLE);
        }

        // When
        for (int call = 0; call < 2 * PERMITS; call++) {
            callIfAccepted(0);
            callIfAccepted(2);
        }

        // Then
        assertThat(unwritten).hasSize(SHARE);
        assertThat(written).hasSize(4 * PERMITS);
        assertThat(permits.inUse()).isEqualTo(SHARE);
    }

    @Test
    void shouldCallAgainAsSoonAsItsOutcomesAreTaken() {
        // Given
        for (int call = 0; call < PERMITS; call++) {
            callIfAccepted(UNWRITABLE);
        }

        // When
        unwritten.removeFirst().written();

        // Then
        assertThat(runner.accepts(UNWRITABLE)).isTrue();
        callIfAccepted(UNWRITABLE);
        assertThat(runner.accepts(UNWRITABLE)).isFalse();
    }

    @Test
    void shouldStopCallingForASingleOutcomeThatWaitsTooLong() {
        // Given
        callIfAccepted(UNWRITABLE);

        // When
        now = now.plus(UnwrittenOutcomes.STANDSTILL);

        // Then
        assertThat(runner.accepts(UNWRITABLE)).isFalse();
        assertThat(runner.accepts(0)).isTrue();
        assertThat(runner.unwritten().oldestAge(now)).isEqualTo(UnwrittenOutcomes.STANDSTILL);
    }

    @Test
    void shouldReturnPermitsWhenOthersAreAssignedThoughItHadThemAllToItself() {
        // Given
        runner.revoked(0);
        runner.revoked(2);
        for (int call = 0; call < PERMITS; call++) {
            callIfAccepted(UNWRITABLE);
        }
        int alone = permits.inUse();

        // When
        runner.assigned(0);
        runner.assigned(2);

        // Then
        assertThat(alone).isEqualTo(PERMITS);
        assertThat(permits.inUse()).isEqualTo(SHARE);
        callIfAccepted(0);
        assertThat(written).containsExactly(0);
        assertThat(runner.accepts(UNWRITABLE)).isFalse();
    }

    @Test
    void shouldKeepNoPermitForAPartitionThatHasLeft() {
        // Given
        for (int call = 0; call < SHARE; call++) {
            callIfAccepted(UNWRITABLE);
        }
        int before = permits.inUse();

        // When
        runner.revoked(UNWRITABLE);

        // Then
        assertThat(before).isEqualTo(SHARE);
        assertThat(permits.inUse()).isZero();
        assertThat(runner.unwritten().count()).isEqualTo(SHARE);
    }

    @Test
    void shouldKeepNoPermitForAnOutcomeThatComesAfterItsPartitionLeft() {
        // Given
        assertThat(permits.tryAcquire(UNWRITABLE)).isTrue();
        Launch launch = prepared(UNWRITABLE);
        runner.revoked(UNWRITABLE);

        // When
        runner.launch(launch);
        awaitIdle();

        // Then
        assertThat(unwritten).hasSize(1);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void shouldMakeOneCallOfEachPartitionWhereThereAreMoreOfThemThanPermits() {
        // Given
        int partitions = 2 * PERMITS;
        for (int partition = 3; partition < partitions; partition++) {
            runner.assigned(partition);
            away.add(partition);
        }

        // When
        for (int partition = 1; partition < partitions; partition++) {
            away.add(partition);
            callIfAccepted(partition);
            callIfAccepted(partition);
        }
        callIfAccepted(0);

        // Then
        assertThat(unwritten).as("one of each").hasSize(partitions - 1);
        assertThat(written).containsExactly(0);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void shouldLetTheLastPartitionGoOnThoughAllOthersFailOneAfterAnother() {
        // Given
        int partitions = 6;
        for (int partition = 3; partition < partitions; partition++) {
            runner.assigned(partition);
        }

        // When
        for (int partition = 1; partition < partitions; partition++) {
            away.add(partition);
            List<Launch> inFlight = new ArrayList<>();
            while (runner.accepts(partition) && permits.tryAcquire(partition)) {
                inFlight.add(prepared(partition));
            }
            assertThat(inFlight).as("calls of partition " + partition).isNotEmpty();
            inFlight.forEach(runner::launch);
            awaitIdle();
        }
        callIfAccepted(0);

        // Then
        assertThat(written).containsExactly(0);
        assertThat(unwritten).as("paid for, and not written").hasSizeLessThanOrEqualTo(2 * PERMITS);
        assertThat(permits.inUse()).isLessThan(PERMITS);
    }

    @Test
    void shouldPayForNoMoreThanThreeTimesItsPermitsThoughUnwritablePartitionsComeAndGo() {
        // Given
        int partitions = 10;
        for (int partition = 0; partition < 3; partition++) {
            runner.revoked(partition);
        }

        // When
        for (int partition = 0; partition < partitions; partition++) {
            away.add(partition);
            runner.assigned(partition);
            for (int call = 0; call < PERMITS; call++) {
                callIfAccepted(partition);
            }
            runner.revoked(partition);
        }

        // Then
        assertThat(unwritten).hasSizeBetween(2 * PERMITS, 3 * PERMITS + partitions);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void shouldReturnThePermitOfAnOutcomeThatIsRefusedForGoodAndLeaveItsCallToDoubt() {
        // Given
        callIfAccepted(UNWRITABLE);

        // When
        unwritten.getFirst().failed();

        // Then
        assertThat(permits.inUse()).isZero();
        assertThat(runner.runs(Calls.id(0), 1))
                .as("in doubt when its lease is over")
                .isFalse();
        assertThat(runner.holds(Calls.id(0), 1))
                .as("not taken for one that never left")
                .isTrue();
        assertThat(runner.unwritten().oldestAge(now.plusSeconds(60))).isEqualTo(Duration.ZERO);
    }

    private void callIfAccepted(int partition) {
        if (runner.accepts(partition) && permits.tryAcquire(partition)) {
            runner.launch(prepared(partition));
            awaitIdle();
        }
    }

    private Launch prepared(int partition) {
        Launch launch = Calls.launch(launched++, 1, partition, lease());
        runner.prepare(launch);
        return launch;
    }

    private Lease lease() {
        return RunnerFixtures.lease(targets, "openai", now);
    }

    private void awaitIdle() {
        await().until(() -> runner.inFlight() == 0);
    }
}
