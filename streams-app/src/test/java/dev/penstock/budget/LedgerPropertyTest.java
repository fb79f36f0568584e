package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories against an oracle: no admission past a limit at any step and none denied that fits, every reservation
 * settles once, the ledger is the sum of the usage events, and the usage topic alone gives the same balances. {@code
 * -Dpenstock.seed=N} plays one history.
 */
@Execution(ExecutionMode.CONCURRENT)
class LedgerPropertyTest {

    private static final int HISTORIES = 10_000;

    /** Each planted bug shows in one of the first histories. */
    private static final int ENOUGH_FOR_A_BUG = 300;

    @Test
    void shouldHoldInEveryHistory() {
        Long given = Long.getLong("penstock.seed");
        long first = given == null ? new Random().nextLong(1_000_000_000) : given;
        long last = given == null ? first + HISTORIES - 1 : given;
        System.out.println("LedgerPropertyTest: seeds " + first + " to " + last);
        for (long seed = first; seed <= last; seed++) {
            play(seed, History::sound);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCatchABug(PlantedBug bug) {
        // When
        AssertionError caught = null;
        for (long seed = 0; seed < ENOUGH_FOR_A_BUG && caught == null; seed++) {
            caught = failure(seed, bug::plant);
        }

        // Then
        assertThat(caught).as("%s went unnoticed", bug).isNotNull();
    }

    private static void play(long seed, Function<MapEntries, Books> books) {
        AssertionError failure = failure(seed, books);
        if (failure != null) {
            throw new AssertionError("-Dpenstock.seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    private static @Nullable AssertionError failure(long seed, Function<MapEntries, Books> books) {
        try {
            new History(seed, books).play();
            return null;
        } catch (AssertionError e) {
            return e;
        } catch (RuntimeException e) {
            return new AssertionError("seed " + seed + " threw", e);
        }
    }

    @Test
    void shouldAddUpAMillionChargesToTheCent() {
        // Given
        Random random = new Random(7);
        Instant now = Instant.parse("2026-05-15T12:00:00Z");
        Ledger ledger =
                Ledger.opened(new LedgerTerms(List.of(), ZoneOffset.UTC, Duration.ofDays(1), Duration.ZERO), now);
        BigInteger units = BigInteger.ZERO;

        // When
        for (int i = 0; i < 1_000_000; i++) {
            long charge = random.nextLong(1_000_000_000_000_000L);
            WorstCase worst = new WorstCase.Bounded(1, 1, new Cost.Known(BigDecimal.valueOf(charge, 15)));
            Admission.Granted granted = (Admission.Granted) ledger.reserve("r" + i, worst, now);
            ledger = granted.next()
                    .settle(granted.reservation(), new Amount(BigDecimal.valueOf(charge, 15), 1L))
                    .next();
            units = units.add(BigInteger.valueOf(charge));
        }

        // Then
        BigDecimal sum = new BigDecimal(units, 15);
        Gauge month = ledger.meters().getLast().usd();
        assertThat(month.used()).isEqualByComparingTo(sum);
        assertThat(month.reserved()).isZero();
        assertThat(month.used().setScale(2, RoundingMode.HALF_EVEN)).isEqualTo(sum.setScale(2, RoundingMode.HALF_EVEN));
    }
}
