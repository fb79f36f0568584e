package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoverningTest extends OneTenant {

    @Test
    void shouldDenyWhatCannotBePricedUnderALimitInMoney() {
        // Given
        WorstCase unpriced = new WorstCase.Bounded(1, 1, new Cost.UnknownPrice("m"));
        WorstCase unbounded = new WorstCase.Unbounded("image_url");

        // When / Then
        assertThat(reserve("a", unpriced, NOON)).isEqualTo(new Admission.UnknownPrice("m"));
        assertThat(reserve("b", unbounded, NOON)).isEqualTo(new Admission.Unbounded("image_url"));
        govern(NOON, Rules.tokens("day", 10));
        assertThat(reserve("a", unpriced, NOON)).isInstanceOf(Admission.Granted.class);
        assertThat(reserve("b", unbounded, NOON)).isEqualTo(new Admission.Unbounded("image_url"));
        govern(NOON);
        assertThat(reserve("b", unbounded, NOON)).isInstanceOf(Admission.Granted.class);
        assertThat(accounts.settleUnknown(ACME, "b", MODEL, NOON))
                .isInstanceOfSatisfying(Settlement.Settled.class, settled -> {
                    assertThat(settled.charge().usd()).isNull();
                    assertThat(settled.charge().tokens()).isNull();
                });
    }

    @Test
    void shouldHoldToAllLimitsAndNameTheOneThatResetsLast() {
        // Given
        govern(NOON, Rules.tokens("1h", 100), Rules.usd("day", "1"), Rules.usd("month", "1"));

        // When / Then
        assertThat(reserve("a", worst("0.1", 101), NOON))
                .isEqualTo(new Admission.OverLimit("1h", NOON.plusSeconds(3_600), Measure.TOKENS, false));
        assertThat(reserve("b", worst("0.9", 100), NOON)).isInstanceOf(Admission.Granted.class);
        assertThat(reserve("c", worst("0.2", 1), NOON))
                .isEqualTo(new Admission.OverLimit("month", Instant.parse("2026-06-01T00:00:00Z"), Measure.USD, true));
        assertThat(reserve("d", worst("0.1", 1), NOON))
                .isEqualTo(new Admission.OverLimit("1h", NOON.plusSeconds(3_600), Measure.TOKENS, true));
    }

    @Test
    void shouldLetALoweredLimitBlockUntilTheReset() {
        // Given
        reserve("a", "4", NOON);
        accounts.settle(ACME, "a", MODEL, amount("4", 1), NOON);

        // When
        PolicyChange lowered = govern(NOON, Rules.usd("day", "2"));

        // Then
        assertThat(((PolicyChange.Applied) lowered).crossings())
                .extracting(Crossing::level)
                .containsExactly(Level.ALL);
        assertThat(reserve("b", "0", NOON)).isInstanceOf(Admission.OverLimit.class);
        assertThat(day(NOON).state()).isEqualTo(BudgetStatus.State.EXCEEDED);
        assertThat(usd(day(NOON)).percent()).isEqualByComparingTo("200");
        assertThat(usd(day(NOON)).remaining()).isZero();
        assertThat(reserve("b", "2", MIDNIGHT)).isInstanceOf(Admission.Granted.class);
    }

    @Test
    void shouldKeepTheLaterOfTwoPolicies() {
        // Given
        govern(NOON, Rules.usd("day", "1"));

        // When
        PolicyChange older = accounts.govern(ACME, List.of(Rules.usd("day", "9")), NOON.minusMillis(1), NOON);
        PolicyChange same = accounts.govern(ACME, List.of(Rules.usd("day", "2")), NOON, NOON);

        // Then
        assertThat(older).isEqualTo(new PolicyChange.Older(NOON));
        assertThat(same).isInstanceOf(PolicyChange.Applied.class);
        assertThat(usd(day(NOON)).limit()).isEqualByComparingTo("2");
    }

    @Test
    void shouldStartAChangedWindowAfresh() {
        // Given
        govern(NOON, Rules.usd("day", "5"));
        reserve("old", "3", NOON);
        ZoneId berlin = ZoneId.of("Europe/Berlin");

        // When
        govern(NOON.plusSeconds(1), Rules.rule("day", berlin, "5", null, null));
        Admission whole = reserve("new", "5", NOON.plusSeconds(1));
        accounts.settle(ACME, "old", MODEL, amount("3", 1), NOON.plusSeconds(1));

        // Then
        assertThat(whole).isInstanceOf(Admission.Granted.class);
        assertThat(usd(day(NOON.plusSeconds(1))).used()).isZero();
        assertThat(usd(day(NOON.plusSeconds(1))).reserved()).isEqualByComparingTo("5");
    }

    @Test
    void shouldFindTheSpendOfTheDayWhenItsLimitComesBack() {
        // Given
        reserve("a", "5", NOON);
        govern(NOON);
        assertThat(reserve("b", "100", NOON)).isInstanceOf(Admission.Granted.class);

        // When
        govern(NOON, Rules.usd("day", "5"));

        // Then
        assertThat(usd(day(NOON)).reserved()).isEqualByComparingTo("105");
        assertThat(reserve("c", "0.01", NOON)).isInstanceOf(Admission.OverLimit.class);
    }

    @Test
    void shouldFollowTheDefaultsUntilThereIsAPolicyAndAfterIt() {
        // Given
        reserve("a", "1", NOON);
        Accounts restarted = new Accounts(
                entries,
                new LedgerTerms(List.of(Rules.usd("day", "1.5")), ZoneOffset.UTC, TERMS.retention(), TERMS.skew()));

        // When / Then
        assertThat(restarted.reserve(ACME, "b", worst("1", 1), NEVER, NOON)).isInstanceOf(Admission.OverLimit.class);
        restarted.govern(ACME, List.of(), NOON, NOON);
        assertThat(restarted.reserve(ACME, "b", worst("1", 1), NEVER, NOON)).isInstanceOf(Admission.Granted.class);
        restarted.governByDefault(ACME, NOON.plusSeconds(1), NOON.plusSeconds(1));
        assertThat(restarted.reserve(ACME, "c", worst("0.1", 1), NEVER, NOON.plusSeconds(1)))
                .isInstanceOf(Admission.OverLimit.class);
    }

    @Test
    void shouldReportMarksOnceAndAlertAboutThem() {
        // Given
        govern(NOON, Rules.rule("day", ZoneOffset.UTC, "10", "6", null));
        reserve("a", "7", NOON);
        reserve("b", "1", NOON);

        // When
        Settlement first = accounts.settle(ACME, "a", MODEL, amount("7", 1), NOON);
        Settlement second = accounts.settle(ACME, "b", MODEL, amount("0.5", 1), NOON);

        // Then
        List<Crossing> crossings = ((Settlement.Settled) first).crossings();
        assertThat(crossings).extracting(Crossing::level).containsExactly(Level.SOFT, Level.HALF);
        assertThat(((Settlement.Settled) second).crossings()).isEmpty();
        assertThat(crossings.getLast().alert(ACME, NOON))
                .satisfies(alert -> assertThat(alert.key()).isEqualTo(ACME))
                .satisfies(alert -> assertThat(alert.to()).isEqualTo("day usd 50"))
                .satisfies(alert -> assertThat(alert.detail()).contains("50 %").contains(MIDNIGHT.toString()));
        assertThat(day(NOON).state()).isEqualTo(BudgetStatus.State.WARNING);
    }
}
