package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Emission;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTotalsTest extends OneTenant {

    private final Ledger ledger = Ledger.opened(TERMS, NOON);

    private Charge charge(String model, String usd) {
        return new Charge(
                "c", model, UsageEvent.Status.BILLED, NOON, NEVER, new BigDecimal(usd), 10L, ledger.counting(NOON));
    }

    @Test
    void shouldPutModelsPastTheFirstSoManyUnderOneName() {
        // Given
        ModelTotals totals = ModelTotals.NONE;

        // When
        for (int i = 0; i < ModelTotals.MOST + 3; i++) {
            totals = totals.plus(ledger, charge("m-" + i, "1"));
        }
        totals = totals.minus(ledger, charge("m-" + ModelTotals.MOST, "1"));
        totals = totals.plus(ledger, charge("m-0", "1"));

        // Then
        assertThat(shares(totals, "day")).hasSize(ModelTotals.MOST + 1);
        assertThat(share(totals, "m-0")).isEqualByComparingTo("2");
        assertThat(share(totals, ModelTotals.OTHERS)).isEqualByComparingTo("2");
    }

    @Test
    void shouldNotKeepANameThatIsLongerThanAnyModels() {
        // When
        ModelTotals totals = ModelTotals.NONE.plus(ledger, charge("m".repeat(5_000), "1"));

        // Then
        assertThat(share(totals, ModelTotals.OTHERS)).isEqualByComparingTo("1");
    }

    @Test
    void shouldStartAfreshWhereAWindowDoes() {
        // Given
        reserve("a", "1", NOON);
        accounts.settle(ACME, "a", MODEL, amount("1", 1), NOON);
        accounts.toldModels(ACME, NOON);

        // When
        govern(NOON.plusSeconds(1), Rules.rule("day", ZoneId.of("Europe/Berlin"), "5", null, null));

        // Then
        assertThat(accounts.untoldModels(ACME, NOON.plusSeconds(2)))
                .containsExactly(Emission.Standing.gone(ACME, "acme|day|m"));
    }

    private static List<ModelShare> shares(ModelTotals totals, String window) {
        return totals.shares().stream()
                .filter(share -> share.window().equals(window))
                .toList();
    }

    private static BigDecimal share(ModelTotals totals, String model) {
        return shares(totals, "day").stream()
                .filter(share -> share.model().equals(model))
                .findFirst()
                .orElseThrow()
                .usd();
    }
}
