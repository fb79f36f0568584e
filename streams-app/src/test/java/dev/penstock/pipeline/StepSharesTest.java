package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.pipeline.StepShares.Claimant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks first takes no more than its part while others wait, and all together never more than a transaction carries. */
class StepSharesTest {

    private static final StepBudget STEP = new StepBudget(100, 10_000, Duration.ofMillis(100));
    private static final Claimant ONE = claimant(1);
    private static final Claimant OTHER = claimant(2);
    private static final Claimant THIRD = claimant(3);

    /** Times that one is refused for each that asks; who asks with records does so several times while another's timer runs. */
    private static final int WAITS_AT_MOST = 8;

    private long nanos = Long.MAX_VALUE - 5;
    private final StepShares shares = new StepShares(() -> nanos, STEP);

    @Test
    void shouldGrantAllOfATransactionToOneThatAsksAlone() {
        assertThat(takes(ONE, 1_000)).isEqualTo(100);
        shares.ended();
        assertThat(takes(ONE, 1_000)).isEqualTo(100);
    }

    @Test
    void shouldKeepAnEqualPartForWhoWasRefused() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        shares.ended();

        // When / Then
        assertThat(takes(ONE, 1_000)).isEqualTo(50);
        assertThat(takes(OTHER, 1_000)).isEqualTo(50);
        shares.ended();
        assertThat(takes(ONE, 1_000)).isEqualTo(50);
        assertThat(takes(OTHER, 1_000)).isEqualTo(50);
    }

    @Test
    void shouldKeepAPartForWhoWasRefusedFromOneThatAsksForTheFirstTime() {
        // Given
        takes(ONE, 1_000);
        shares.ended();

        // When / Then
        assertThat(takes(OTHER, 1_000)).isEqualTo(50);
        assertThat(takes(ONE, 1_000)).isEqualTo(50);
    }

    @Test
    void shouldGrantAllToTheOtherOnceOneHadAllThatItAskedFor() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        shares.ended();
        takes(ONE, 1_000);
        takes(OTHER, 1);
        shares.ended();

        // When / Then
        assertThat(takes(ONE, 1_000)).isEqualTo(100);
    }

    @Test
    void shouldKeepWhatIsLeftOfAPartAfterAFirstShareOfIt() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        shares.ended();

        // When: one that a record brings, long before its timer
        takes(OTHER, 1);
        int one = takes(ONE, 1_000);

        // Then
        assertThat(one).isEqualTo(50);
        assertThat(takes(OTHER, 1_000)).isEqualTo(49);
    }

    @Test
    void shouldDivideTheTimeToo() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        shares.ended();

        // When
        int one = takesSlowly(ONE, Duration.ofMillis(10));
        nanos += Duration.ofSeconds(1).toNanos();
        int other = takesSlowly(OTHER, Duration.ofMillis(10));

        // Then: what the thread does between two that ask is not their time
        assertThat(one).isEqualTo(5);
        assertThat(other).isEqualTo(5);
    }

    @Test
    void shouldGrantAShareToOneThatWaitsHoweverLongOthersWorked() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        takes(THIRD, 1_000);
        shares.ended();

        // When
        boolean slow = shares.claim(ONE, 1);
        nanos += Duration.ofSeconds(1).toNanos();

        // Then: one alone goes beyond the time
        assertThat(slow).isTrue();
        assertThat(takes(OTHER, 1_000)).isEqualTo(1);
        assertThat(takes(THIRD, 1_000)).isZero();
        shares.ended();
        assertThat(takes(ONE, 1)).isEqualTo(1);
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(takes(OTHER, 1_000)).isZero();
        assertThat(takes(THIRD, 1_000)).isEqualTo(1);
    }

    @Test
    void shouldGrantAShareLargerThanATransactionItsTurnAmongThoseOfNoSize() {
        // Given
        takesOfNoSize(ONE);
        shares.claim(OTHER, 20_000);
        shares.ended();

        // When
        int large = 0;
        int sweep = 0;
        for (int transaction = 0; transaction < 10; transaction++) {
            sweep += takesOfNoSize(ONE);
            large += shares.claim(OTHER, 20_000) ? 1 : 0;
            shares.ended();
        }

        // Then
        assertThat(large).isGreaterThanOrEqualTo(3);
        assertThat(sweep).isGreaterThanOrEqualTo(4);
    }

    @Test
    void shouldGrantOthersTheirPartBesideOneThatAsksForNoSizeWhileItWaitsForALargeShare() {
        // Given
        shares.claim(THIRD, 10_000);
        shares.claim(ONE, 1_000);
        shares.claim(OTHER, 1_000);
        shares.ended();

        // When
        int others = 0;
        for (int transaction = 0; transaction < 10; transaction++) {
            takesOfNoSize(ONE);
            others += takes(OTHER, 1_000);
            shares.ended();
        }

        // Then
        assertThat(others).isGreaterThanOrEqualTo(10);
    }

    @Test
    void shouldGrantALargeShareItsTurnAmongSmallOnes() {
        // Given
        takes(ONE, 1_000);
        shares.claim(OTHER, 9_990);
        shares.ended();

        // When
        boolean small = shares.claim(ONE, 1);
        boolean smaller = shares.claim(ONE, 10);
        boolean large = shares.claim(OTHER, 9_990);

        // Then
        assertThat(small).isTrue();
        assertThat(smaller).isFalse();
        assertThat(large).isTrue();
    }

    /** A held call is asked for first, which carries nothing, and sent then. */
    @Test
    void shouldGrantALargeShareItsTurnAfterThoseOfNoSize() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);
        takes(THIRD, 1_000);
        shares.ended();

        // When
        boolean asked = shares.claim(ONE, 0);
        boolean sent = shares.claim(ONE, 8_000);
        int others = takes(OTHER, 1_000) + takes(THIRD, 1_000);

        // Then
        assertThat(asked).isTrue();
        assertThat(sent).isTrue();
        assertThat(others).isPositive();
    }

    @Test
    void shouldGrantOneThatIsLargerThanATransactionItsTurnAmongOthers() {
        // Given
        takes(ONE, 1);
        shares.claim(OTHER, 20_000);
        shares.ended();

        // When
        int before = takes(ONE, 1_000);
        boolean large = shares.claim(OTHER, 20_000);
        int after = takes(THIRD, 1_000);
        shares.ended();

        // Then
        assertThat(before).isZero();
        assertThat(large).isTrue();
        assertThat(after).isZero();
        assertThat(takes(ONE, 1_000)).isPositive();
        assertThat(takes(THIRD, 1_000)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_000})
    void shouldForgetOneThatAsksNoMore(long size) {
        // Given
        takes(ONE, 1_000);
        shares.claim(OTHER, size);
        shares.ended();

        // When: its task has left
        int rounds = 0;
        while (takes(ONE, 1_000) < 100 && rounds < 100) {
            shares.ended();
            nanos += Duration.ofMillis(100).toNanos();
            rounds++;
        }

        // Then
        assertThat(rounds).isBetween(10, 12);
    }

    @Test
    void shouldKeepThePlaceOfOneThatHadNoTimeToAsk() {
        // Given
        takes(ONE, 1_000);
        takes(OTHER, 1_000);

        // When: the commit takes long
        nanos += Duration.ofSeconds(30).toNanos();
        shares.ended();
        nanos += Duration.ofSeconds(30).toNanos();

        // Then
        assertThat(takes(ONE, 1_000)).isEqualTo(50);
        assertThat(takes(OTHER, 1_000)).isEqualTo(50);
    }

    @Test
    void shouldGrantAShareToEachInTurnWhereMoreWaitThanOneTransactionHasSharesFor() {
        // Given
        List<Claimant> all = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            all.add(claimant(i));
        }
        int[] granted = new int[all.size()];

        // When
        for (int round = 0; round < 20; round++) {
            int sum = 0;
            for (int i = 0; i < granted.length; i++) {
                int taken = takes(all.get(i), 1_000);
                granted[i] += round == 0 ? 0 : taken;
                sum += taken;
            }
            assertThat(sum).isEqualTo(100);
            shares.ended();
            nanos += Duration.ofMillis(100).toNanos();
        }

        // Then
        assertThat(Arrays.stream(granted).boxed())
                .allSatisfy(taken -> assertThat(taken).isBetween(5, 10));
    }

    /** Claimants that come and go, with shares of any size, always asked in the same order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldLetNobodyWaitForLongAndNeverGrantMoreThanATransactionCarries(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int claimants = 2 + random.nextInt(30);
        long[] sizes = new long[claimants];
        int[] backlog = new int[claimants];
        int[] waited = new int[claimants];
        for (int round = 0; round < 2_000; round++) {
            int records = 0;
            long bytes = 0;
            int late = 0;
            long worked = 0;
            for (int i = 0; i < claimants; i++) {
                if (backlog[i] == 0 && random.nextInt(20) == 0) {
                    backlog[i] = 1 + random.nextInt(2_000);
                    sizes[i] = random.nextInt(4) == 0 ? random.nextInt(15_000) : random.nextInt(200);
                } else if (backlog[i] > 0 && random.nextInt(300) == 0) {
                    backlog[i] = 0;
                }
                boolean granted = false;
                while (backlog[i] > 0) {
                    if (!shares.claim(claimant(i), sizes[i])) {
                        break;
                    }
                    granted = true;
                    backlog[i]--;
                    records++;
                    bytes += sizes[i];
                    late += worked >= STEP.time().toNanos() ? 1 : 0;
                    long share = random.nextLong(Duration.ofMillis(2).toNanos());
                    worked += share;
                    nanos += share;
                }
                waited[i] = granted || backlog[i] == 0 ? 0 : waited[i] + 1;
                assertThat(waited[i]).as("rounds without a share").isLessThanOrEqualTo(2 * claimants);
            }
            assertThat(records).isLessThanOrEqualTo(STEP.records());
            assertThat(bytes <= STEP.bytes() || records == 1).isTrue();
            assertThat(late).isLessThanOrEqualTo(1);
            shares.ended();
            nanos += Duration.ofMillis(random.nextInt(300)).toNanos();
        }
    }

    /**
     * Each asks at its timer, or with every transaction as records bring it; who asks before it works claims twice; commits
     * take long at times, and some never ask again.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldLetNobodyWaitForLongWhoeverAsksAtTimersAndWhoeverWithEachRecord(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int claimants = 2 + random.nextInt(20);
        int[] backlog = new int[claimants];
        int[] sizes = new int[claimants];
        int[] waited = new int[claimants];
        long[] asksAt = new long[claimants];
        boolean[] byRecord = new boolean[claimants];
        boolean[] asksBefore = new boolean[claimants];
        for (int transaction = 0; transaction < 2_000; transaction++) {
            for (int i = 0; i < claimants; i++) {
                if (backlog[i] == 0 && random.nextInt(100) == 0) {
                    backlog[i] = 1 + random.nextInt(3_000);
                    sizes[i] = random.nextInt(3) == 0 ? random.nextInt(9_000) : random.nextInt(100);
                    byRecord[i] = random.nextInt(3) == 0;
                    asksBefore[i] = random.nextBoolean();
                } else if (backlog[i] > 0 && random.nextInt(1_000) == 0) {
                    backlog[i] = 0;
                }
                if (backlog[i] == 0 || (!byRecord[i] && nanos - asksAt[i] < 0)) {
                    continue;
                }
                int before = backlog[i];
                while (backlog[i] > 0
                        && (!asksBefore[i] || shares.claim(claimant(i), 0))
                        && shares.claim(claimant(i), sizes[i])) {
                    backlog[i]--;
                    nanos += random.nextLong(Duration.ofMillis(1).toNanos());
                }
                asksAt[i] = nanos + Duration.ofMillis(100 + random.nextInt(50)).toNanos();
                waited[i] = backlog[i] == 0 || backlog[i] < before ? 0 : waited[i] + 1;
                assertThat(waited[i]).as("times refused in a row").isLessThanOrEqualTo(WAITS_AT_MOST * claimants);
            }
            shares.ended();
            nanos += Duration.ofMillis(random.nextInt(20) == 0 ? 5_000 : random.nextInt(60))
                    .toNanos();
        }
    }

    private static Claimant claimant(int partition) {
        return new Claimant(new TaskId(0, partition), "work");
    }

    /** Asks until it has enough or is refused. */
    private int takes(Claimant who, int wanted) {
        int taken = 0;
        while (taken < wanted && shares.claim(who, 1)) {
            taken++;
        }
        return taken;
    }

    private int takesOfNoSize(Claimant who) {
        int taken = 0;
        while (shares.claim(who, 0)) {
            taken++;
        }
        return taken;
    }

    private int takesSlowly(Claimant who, Duration each) {
        int taken = 0;
        while (shares.claim(who, 1)) {
            taken++;
            nanos += each.toNanos();
        }
        return taken;
    }
}
