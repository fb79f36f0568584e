package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.Seeds;
import dev.penstock.config.PenstockConfig;
import dev.penstock.dispatch.OutcomePublisher.Receipt;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories: partitions come, go and cannot be written for a while, with more and with fewer permits than partitions. */
class UnwritablePartitionsTest {

    private static final PenstockConfig CONFIG = PenstockConfig.defaults();
    private static final int STEPS = 400;

    static LongStream seeds() {
        return Seeds.many();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLetEveryWritablePartitionGoOnWhateverBecomesOfTheOthers(long seed) {
        // Given
        History history = new History(seed);

        // When
        for (int step = 0; step < STEPS; step++) {
            history.step();
            // Then
            history.assertBounded();
            if (step % 20 == 0) {
                history.landAll();
                history.assertWritableGoOn();
            }
        }
        history.landAll();
        history.allAreBack();

        // Then
        history.assertNothingIsHeld();
    }

    /** One instance. Calls are made as they land, outcomes are written unless their partition is away. */
    private static final class History {

        private final Random random;
        private final int partitions;
        private final Permits permits;
        private final Targets targets = RunnerFixtures.targets(
                CONFIG, target -> new ScriptedProvider(call -> ScriptedProvider.answer()), () -> Calls.NOW);
        private final VirtualThreadCallRunner runner;
        private final TreeSet<Integer> assigned = new TreeSet<>();
        private final TreeSet<Integer> away = new TreeSet<>();
        private final List<Launch> inFlight = new ArrayList<>();
        private final Map<Integer, List<Receipt>> unwritten = new TreeMap<>();
        private int launched;

        History(long seed) {
            random = new Random(seed);
            partitions = 1 + random.nextInt(8);
            permits = new Permits(1 + random.nextInt(20));
            runner = new VirtualThreadCallRunner(
                    RunnerFixtures.attempts(CONFIG, targets, () -> Calls.NOW),
                    this::publish,
                    permits,
                    () -> Calls.NOW,
                    (launch, work) -> work.run());
        }

        private void publish(int partition, Outcome outcome, Receipt receipt) {
            if (away.contains(partition)) {
                unwritten
                        .computeIfAbsent(partition, number -> new ArrayList<>())
                        .add(receipt);
            } else {
                receipt.written();
            }
        }

        void step() {
            int partition = random.nextInt(partitions);
            switch (random.nextInt(12)) {
                case 0 -> {
                    assigned.add(partition);
                    runner.assigned(partition);
                }
                case 1 -> {
                    assigned.remove(partition);
                    runner.revoked(partition);
                }
                case 2 -> away.add(partition);
                case 3 -> isBack(partition);
                case 4 -> landSome();
                case 5 -> oneIsRefused(partition);
                default -> callAsManyAsMayGo(partition);
            }
        }

        private void callAsManyAsMayGo(int partition) {
            int most = random.nextInt(2 * permits.capacity());
            for (int call = 0; call < most && assigned.contains(partition) && mayCall(partition); call++) {
                Launch launch =
                        Calls.launch(launched++, 1, partition, RunnerFixtures.lease(targets, "openai", Calls.NOW));
                runner.prepare(launch);
                inFlight.add(launch);
            }
        }

        private boolean mayCall(int partition) {
            return runner.accepts(partition) && permits.tryAcquire(partition);
        }

        private void landSome() {
            int most = random.nextInt(1 + inFlight.size());
            for (int call = 0; call < most; call++) {
                runner.launch(inFlight.remove(random.nextInt(inFlight.size())));
            }
        }

        void landAll() {
            inFlight.forEach(runner::launch);
            inFlight.clear();
        }

        private void isBack(int partition) {
            away.remove(partition);
            unwritten.getOrDefault(partition, List.of()).forEach(Receipt::written);
            unwritten.remove(partition);
        }

        private void oneIsRefused(int partition) {
            List<Receipt> receipts = unwritten.getOrDefault(partition, List.of());
            if (!receipts.isEmpty()) {
                receipts.removeLast().failed();
            }
        }

        void allAreBack() {
            for (int partition = 0; partition < partitions; partition++) {
                isBack(partition);
            }
        }

        void assertBounded() {
            assertThat(permits.inUse()).isLessThanOrEqualTo(permits.capacity());
            assertThat(permits.inUse() + permits.free()).isEqualTo(permits.capacity());
            assertThat(inFlight.size() + runner.unwritten().count())
                    .as("paid for, or about to be, and not written")
                    .isLessThanOrEqualTo(3 * permits.capacity() + partitions);
        }

        void assertWritableGoOn() {
            for (int partition : assigned) {
                if (unwritten.getOrDefault(partition, List.of()).isEmpty()) {
                    assertThat(mayCall(partition)).as("partition " + partition).isTrue();
                    permits.returned(partition);
                }
            }
        }

        void assertNothingIsHeld() {
            assertThat(permits.inUse()).isZero();
            assertThat(runner.unwritten().count()).isZero();
            assertThat(runner.unwritten().withoutPermit()).isZero();
        }
    }
}
