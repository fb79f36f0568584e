package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaugeTest {

    @ParameterizedTest
    @CsvSource({
        "10, 0, 0, 10, true",
        "10, 0, 0, 10.000000000000000001, false",
        "10, 4, 5, 1, true",
        "10, 4, 5, 1.01, false",
        // What costs nothing goes through until the limit is spent.
        "10, 4, 6, 0, true",
        "10, 10, 0, 0, false",
        "10, 11, 0, 0, false",
        // Zero admits nothing.
        "0, 0, 0, 0, false",
        ", 1000000, 1000000, 1000000, true"
    })
    void shouldAdmitWhatFits(@Nullable String limit, String used, String reserved, String more, boolean admitted) {
        // Given
        Gauge gauge = limit(limit).add(decimal(used)).hold(decimal(reserved));

        // When / Then
        assertThat(gauge.admits(decimal(more))).isEqualTo(admitted);
    }

    @Test
    void shouldReportEachMarkOnceAPeriod() {
        // Given
        Gauge gauge = Gauge.of(decimal("10"), decimal("6"));

        // When / Then
        assertThat(gauge.unreported()).isEmpty();
        assertThat(gauge.hold(decimal("10")).unreported()).isEmpty();
        gauge = gauge.add(decimal("4.99"));
        assertThat(gauge.unreported()).isEmpty();
        gauge = gauge.add(decimal("0.01"));
        assertThat(gauge.unreported()).containsExactly(Level.HALF);
        gauge = gauge.withAllReported().add(decimal("4"));
        assertThat(gauge.unreported()).containsExactly(Level.SOFT, Level.MOST);
        gauge = gauge.withAllReported().replace(decimal("4"), decimal("0")).add(decimal("4"));
        assertThat(gauge.unreported()).isEmpty();
        gauge = gauge.add(decimal("1")).withAllReported();
        assertThat(gauge.add(decimal("100")).unreported()).isEmpty();
        assertThat(gauge.next(decimal("0")).add(decimal("10")).unreported())
                .containsExactly(Level.SOFT, Level.HALF, Level.MOST, Level.ALL);
    }

    @Test
    void shouldReportTheMarksOfARaisedLimitAnew() {
        // Given
        Gauge spent = Gauge.of(decimal("10"), decimal("6")).add(decimal("10")).withAllReported();

        // When
        Gauge raised = spent.limited(decimal("100"), decimal("60"));
        Gauge lowered = Gauge.of(decimal("100"), null).add(decimal("10")).limited(decimal("12"), null);

        // Then
        assertThat(raised.unreported()).isEmpty();
        assertThat(raised.add(decimal("50")).unreported()).containsExactly(Level.SOFT, Level.HALF);
        assertThat(spent.limited(decimal("10"), decimal("6")).unreported()).isEmpty();
        assertThat(lowered.unreported()).containsExactly(Level.HALF, Level.MOST);
    }

    @Test
    void shouldNotReportAgainUnderTheSameLimit() {
        // Given
        Gauge told = Gauge.of(decimal("10"), decimal("6")).add(decimal("8")).withAllReported();

        // When
        Gauge same = told.replace(decimal("8"), decimal("1")).limited(decimal("10.0"), decimal("6"));

        // Then
        assertThat(same.add(decimal("7")).unreported()).isEmpty();
    }

    @Test
    void shouldReportNothingBeforeAnythingIsSpent() {
        assertThat(Gauge.of(decimal("0"), decimal("0")).unreported()).isEmpty();
        assertThat(Gauge.of(decimal("0"), decimal("0")).add(decimal("1")).unreported())
                .containsExactly(Level.values());
    }

    @Test
    void shouldRefuseUntilTheLeastThatWasRefusedFitsAgain() {
        // Given
        Gauge nearlySpent = limit("10").add(decimal("9")).hold(decimal("0.5"));

        // When
        Gauge refused = nearlySpent.refuse(decimal("2")).refuse(decimal("1")).refuse(decimal("3"));

        // Then
        assertThat(refused.refuses()).isTrue();
        assertThat(refused.refused()).isEqualByComparingTo("1");
        assertThat(refused.settle(decimal("0.5"), decimal("0")).refuses()).isFalse();
        assertThat(refused.next(decimal("0")).refused()).isNull();
        assertThat(refused.limited(decimal("10.4"), null).refuses()).isTrue();
        assertThat(refused.limited(decimal("10.5"), null).refused()).isNull();
        assertThat(nearlySpent.refuse(decimal("11")).refused())
                .as("more than any period holds")
                .isNull();
        assertThat(nearlySpent.refuse(decimal("0.5")).refused()).as("fits").isNull();
    }

    @Test
    void shouldForgetARefusalThatNoPeriodUnderALowerLimitCouldHold() {
        // Given
        Gauge gauge = limit("100").hold(decimal("85")).refuse(decimal("20"));

        // When
        Gauge lower = gauge.limited(decimal("10"), null).settle(decimal("85"), BigDecimal.ZERO);

        // Then
        assertThat(lower.admits(decimal("9"))).isTrue();
        assertThat(lower.refuses()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "3, 1, 0, 33.33, 2",
        "3, 2.9999, 0, 99.99, 0.0001",
        "3, 1, 2, 100, 0",
        "3, 6, 0, 200, 0",
        "0, 0, 0, 100, 0"
    })
    void shouldShowHowMuchOfTheLimitIsGone(
            String limit, String used, String reserved, String percent, String remaining) {
        // When
        Gauge gauge = limit(limit).add(decimal(used)).hold(decimal(reserved));

        // Then
        assertThat(gauge.percent()).isEqualByComparingTo(percent);
        assertThat(gauge.remaining()).isEqualByComparingTo(remaining);
    }

    private static Gauge limit(@Nullable String limit) {
        return Gauge.of(limit == null ? null : decimal(limit), null);
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }
}
