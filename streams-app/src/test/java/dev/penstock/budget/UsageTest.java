package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UsageTest extends OneTenant {

    @Test
    void shouldChargeTheWorstCaseUntilALateAnswerTells() {
        // Given
        reserve("a", "2", NOON);
        Settlement unknown = accounts.settleUnknown(ACME, "a", MODEL, NOON);
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("2");
        assertThat(day(NOON).tokens().used()).isEqualTo(150);

        // When
        Booking corrected = accounts.correct(ACME, "a", MODEL, amount("0.5", 20), NOON);

        // Then
        Charge charge = ((Settlement.Settled) unknown).charge();
        assertThat(charge.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(corrected).isInstanceOf(Booking.Replaced.class);
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("0.5");
        assertThat(day(NOON).tokens().used()).isEqualTo(20);
        assertThat(accounts.correct(ACME, "a", MODEL, amount("0.1", 1), NOON)).isInstanceOf(Booking.Duplicate.class);
        assertThat(accounts.correct(ACME, "x", MODEL, amount("0.1", 1), NOON)).isEqualTo(new Booking.NotCharged("x"));
        assertThat(accounts.record(Usage.event(ACME, charge), NOON)).isInstanceOf(Booking.Duplicate.class);
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("0.5");
    }

    @Test
    void shouldNotCorrectWhatWasCertain() {
        // Given
        reserve("a", "2", NOON);
        assertThat(accounts.correct(ACME, "a", MODEL, amount("1", 1), NOON)).isEqualTo(new Booking.StillOpen("a"));
        accounts.settle(ACME, "a", MODEL, amount("0.5", 1), NOON);

        // When / Then
        assertThat(accounts.correct(ACME, "a", MODEL, amount("1", 1), NOON)).isInstanceOf(Booking.Duplicate.class);
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("0.5");
    }

    @Test
    void shouldCorrectInThePeriodOfTheAdmission() {
        // Given
        reserve("a", "5", MIDNIGHT.minusMillis(1));
        accounts.settleUnknown(ACME, "a", MODEL, MIDNIGHT.minusMillis(1));
        reserve("b", "4", MIDNIGHT);
        accounts.settle(ACME, "b", MODEL, amount("4", 1), MIDNIGHT);

        // When
        accounts.correct(ACME, "a", MODEL, amount("1", 1), MIDNIGHT);

        // Then
        assertThat(usd(day(MIDNIGHT)).used()).isEqualByComparingTo("4");
        assertThat(usd(month(MIDNIGHT)).used()).isEqualByComparingTo("5");
    }

    @Test
    void shouldCountUsageOfOthersByItsOwnTimeAndOnce() {
        // Given
        UsageEvent yesterday = billed("y", "1", MIDNIGHT.minusSeconds(1));
        UsageEvent today = billed("t", "2", MIDNIGHT.plusSeconds(1));

        // When
        Booking first = accounts.record(yesterday, MIDNIGHT.plusSeconds(2));
        Booking second = accounts.record(today, MIDNIGHT.plusSeconds(2));
        Booking again = accounts.record(today, MIDNIGHT.plusSeconds(3));

        // Then
        assertThat(first).isInstanceOf(Booking.Counted.class);
        assertThat(second).isInstanceOf(Booking.Counted.class);
        assertThat(again).isInstanceOf(Booking.Duplicate.class);
        assertThat(usd(day(MIDNIGHT)).used()).isEqualByComparingTo("2");
        assertThat(usd(month(MIDNIGHT)).used()).isEqualByComparingTo("3");
    }

    @Test
    void shouldHoldUsageOfAFastClockForItsPeriodAndRefuseTheFuture() {
        // Given
        Instant before = MIDNIGHT.minusSeconds(10);

        // When
        accounts.record(billed("fast", "2", MIDNIGHT.plusSeconds(5)), before);
        Booking future = accounts.record(billed("future", "2", before.plusSeconds(31)), before);

        // Then
        assertThat(future).isEqualTo(new Booking.FromTheFuture(before.plusSeconds(31)));
        assertThat(usd(day(before)).used()).isZero();
        assertThat(usd(day(MIDNIGHT)).used()).isEqualByComparingTo("2");
        assertThat(usd(day(MIDNIGHT.plus(Duration.ofDays(1)))).used()).isZero();
    }

    @Test
    void shouldHoldUsageOfAFastClockOverSeveralShortPeriods() {
        // Given
        govern(NOON, Rules.usd("10s", "5"));
        accounts.record(billed("fast", "2", NOON.plusSeconds(25)), NOON);

        // When
        accounts.record(billed("next", "1", NOON.plusSeconds(12)), NOON.plusSeconds(12));

        // Then
        assertThat(usd(status("10s", NOON.plusSeconds(12))).used()).isEqualByComparingTo("1");
        assertThat(usd(status("10s", NOON.plusSeconds(25))).used()).isEqualByComparingTo("2");
    }

    @Test
    void shouldLeaveAnEventOfAnOpenCallToTheCall() {
        // Given
        reserve("a", "1", NOON);

        // When
        Booking early = accounts.record(billed("a", "0.5", NOON), NOON);

        // Then
        assertThat(early).isEqualTo(new Booking.StillOpen("a"));
        assertThat(usd(day(NOON)).used()).isZero();
        assertThat(usd(day(NOON)).reserved()).isEqualByComparingTo("1");
    }

    @Test
    void shouldCountWhatIsKnownOfAnEventWithoutAPrice() {
        // When
        Booking booking = accounts.record(Usage.event(ACME, "e", UsageEvent.Status.BILLED, null, 1_000L, NOON), NOON);

        // Then
        assertThat(((Booking.Counted) booking).charge().usd()).isNull();
        assertThat(day(NOON).tokens().used()).isEqualTo(1_000);
    }

    @Test
    void shouldForgetChargesAfterTheRetention() {
        // Given
        accounts.record(billed("e", "1", NOON), NOON);
        reserve("a", "1", NOON);
        accounts.settle(ACME, "a", MODEL, amount("1", 1), NOON);
        Instant later = NOON.plus(TERMS.retention());

        // When / Then
        assertThat(accounts.forgetCharge(later.minusMillis(1))).isFalse();
        assertThat(entries.size()).isEqualTo(4);
        assertThat(accounts.forgetCharge(later)).isTrue();
        assertThat(accounts.forgetCharge(later)).isTrue();
        assertThat(accounts.forgetCharge(later)).isFalse();
        assertThat(entries.size()).isEqualTo(2);
        assertThat(entries.indexSize()).isZero();
    }

    @Test
    void shouldShowSumsPastWhatARecordCanHold() {
        // Given
        for (int i = 0; i < 3; i++) {
            accounts.record(billed("e" + i, "1000000000000", NOON), NOON);
        }

        // When
        BudgetStatus status = day(NOON);

        // Then
        assertThat(usd(status).used()).isEqualByComparingTo("1000000000000");
        assertThat(usd(status).percent()).isEqualByComparingTo("1000000000000");
        assertThat(status.state()).isEqualTo(BudgetStatus.State.EXCEEDED);
    }
}
