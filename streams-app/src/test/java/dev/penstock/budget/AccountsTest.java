package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.UsageEvent;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccountsTest extends OneTenant {

    @Test
    void shouldAdmitFiftyCallsOfTenCentsUnderFiveDollars() {
        // When
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            granted += reserve("r" + i, "0.10", NOON) instanceof Admission.Granted ? 1 : 0;
        }

        // Then
        assertThat(granted).isEqualTo(50);
        assertThat(usd(day(NOON)).reserved()).isEqualByComparingTo("5");
        assertThat(reserve("more", "0.01", NOON))
                .isEqualTo(new Admission.OverLimit("day", MIDNIGHT, Measure.USD, true));
        assertThat(reserve("huge", "5.01", NOON))
                .isEqualTo(new Admission.OverLimit("day", MIDNIGHT, Measure.USD, false));
        assertThat(entries.size()).isEqualTo(51);
    }

    @Test
    void shouldGiveBackWhatACallDidNotCost() {
        // Given
        reserve("a", "5", NOON);

        // When
        Settlement settled = accounts.settle(ACME, "a", MODEL, amount("1.25", 10), NOON);

        // Then
        assertThat(((Settlement.Settled) settled).aboveWorst()).isFalse();
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("1.25");
        assertThat(reserve("b", "3.75", NOON)).isInstanceOf(Admission.Granted.class);
        assertThat(reserve("c", "0.000001", NOON)).isInstanceOf(Admission.OverLimit.class);
    }

    @Test
    void shouldSettleOnceAndSaySoTheSecondTime() {
        // Given
        reserve("a", "1", NOON);
        Settlement first = accounts.settle(ACME, "a", MODEL, amount("0.5", 10), NOON);
        Charge charge = ((Settlement.Settled) first).charge();

        // When / Then
        assertThat(accounts.settle(ACME, "a", MODEL, amount("0.5", 10), NOON))
                .isEqualTo(new Settlement.NotOpen("a", charge));
        assertThat(accounts.settleUnknown(ACME, "a", MODEL, NOON)).isEqualTo(new Settlement.NotOpen("a", charge));
        assertThat(accounts.release(ACME, "a", NOON)).isEqualTo(new Settlement.NotOpen("a", charge));
        assertThat(accounts.settle(ACME, "never", MODEL, amount("0.5", 10), NOON))
                .isEqualTo(new Settlement.NotOpen("never", null));
        assertThat(usd(day(NOON)).used()).isEqualByComparingTo("0.5");
    }

    @Test
    void shouldNotReserveTwiceUnderOneId() {
        // Given
        reserve("a", "1", NOON);

        // When / Then
        assertThat(reserve("a", "1", NOON)).isEqualTo(new Admission.Repeated("a"));
        accounts.settle(ACME, "a", MODEL, amount("1", 1), NOON);
        assertThat(reserve("a", "1", NOON)).isEqualTo(new Admission.Repeated("a"));
    }

    @Test
    void shouldTakeAReleasedReservationAgain() {
        // Given
        reserve("a", "5", NOON);

        // When
        Settlement released = accounts.release(ACME, "a", NOON);

        // Then
        assertThat(released).isInstanceOf(Settlement.Released.class);
        assertThat(usd(day(NOON)).reserved()).isZero();
        assertThat(reserve("a", "5", NOON)).isInstanceOf(Admission.Granted.class);
    }

    @Test
    void shouldCountSpendInThePeriodOfItsAdmission() {
        // Given
        reserve("a", "5", MIDNIGHT.minusMillis(1));

        // When
        Admission next = reserve("b", "5", MIDNIGHT);
        accounts.settle(ACME, "a", MODEL, amount("4", 1), MIDNIGHT);

        // Then
        assertThat(next).isInstanceOf(Admission.Granted.class);
        assertThat(usd(day(MIDNIGHT)).used()).isZero();
        assertThat(usd(day(MIDNIGHT)).reserved()).isEqualByComparingTo("5");
        assertThat(usd(month(MIDNIGHT)).used()).isEqualByComparingTo("4");
    }

    @Test
    void shouldNotSpendAPeriodAgainWhenTheClockGoesBack() {
        // Given
        reserve("a", "5", MIDNIGHT.minusSeconds(1));
        reserve("b", "5", MIDNIGHT);

        // When
        Admission back = reserve("c", "0.01", MIDNIGHT.minusSeconds(1));

        // Then
        assertThat(back).isInstanceOf(Admission.OverLimit.class);
        assertThat(day(NOON).periodStart()).isEqualTo(MIDNIGHT);
    }

    @Test
    void shouldSayWhenABillIsAboveTheWorstCaseAndBlockWhatItEats() {
        // Given
        reserve("a", "1", NOON);

        // When
        Settlement settled = accounts.settle(ACME, "a", MODEL, amount("6", 1), NOON);

        // Then
        assertThat(((Settlement.Settled) settled).aboveWorst()).isTrue();
        assertThat(reserve("b", "0", NOON)).isInstanceOf(Admission.OverLimit.class);
    }

    @Test
    void shouldChargeAReservationThatNobodySettled() {
        // Given
        accounts.reserve(ACME, "leaked", worst("1", 5), NOON.plusSeconds(60), NOON);
        accounts.reserve(ACME, "open", worst("1", 5), NOON.plusSeconds(61), NOON);

        // When
        Accounts.Expired expired = accounts.expireReservation(NOON.plusSeconds(60));
        Accounts.Expired another = accounts.expireReservation(NOON.plusSeconds(60));

        // Then
        assertThat(another).isNull();
        assertThat(((Settlement.Settled) Objects.requireNonNull(expired).settlement())
                        .charge()
                        .status())
                .isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(usd(day(NOON.plusSeconds(60))).used()).isEqualByComparingTo("1");
        assertThat(usd(day(NOON.plusSeconds(60))).reserved()).isEqualByComparingTo("1");
    }

    @Test
    void shouldKeepWhatATenantHasApartFromOthers() {
        // Given
        reserve("a", "5", NOON);

        // When
        Admission other = accounts.reserve("other", "a", worst("5", 1), NEVER, NOON);

        // Then
        assertThat(other).isInstanceOf(Admission.Granted.class);
        assertThat(accounts.settle("third", "a", MODEL, amount("1", 1), NOON)).isInstanceOf(Settlement.NotOpen.class);
    }

    @Test
    void shouldWriteLittleWhateverIsOpen() {
        // Given
        govern(NOON, Rules.usd("day", "100000"), Rules.usd("month", "100000"));
        for (int i = 0; i < 10_000; i++) {
            reserve("llm.requests-0-" + i + "#1", "0.0123", NOON);
        }
        long before = entries.bytesWritten();

        // When
        reserve("one more", "0.0123", NOON);
        accounts.settle(ACME, "llm.requests-0-7#1", MODEL, amount("0.01", 10), NOON);

        // Then
        assertThat(entries.bytesWritten() - before).isLessThan(2_048);
    }
}
