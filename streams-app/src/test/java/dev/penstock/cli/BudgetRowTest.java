package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetRowTest {

    private static final Instant NOW = Instant.parse("2026-05-15T12:00:00Z");

    private static List<String> cells(String row) {
        return List.of(row.split(" +"));
    }

    private static String row(BudgetStatus.@Nullable Dollars usd, BudgetStatus.Tokens tokens) {
        return BudgetRow.of(new WireCodec()
                .write(new BudgetStatus(
                        "acme", "day", null, NOW, NOW.plusSeconds(60), BudgetStatus.State.OK, usd, tokens, NOW)));
    }

    private static BudgetStatus.Dollars dollars(@Nullable String percent) {
        return new BudgetStatus.Dollars(
                new BigDecimal("1.50"),
                BigDecimal.ZERO,
                percent == null ? null : new BigDecimal("10"),
                null,
                null,
                percent == null ? null : new BigDecimal(percent));
    }

    @Test
    void shouldShowALimitOfTokensAndItsShare() {
        // Given
        BudgetStatus.Tokens tokens = new BudgetStatus.Tokens(30, 20, 200L, null, 150L, new BigDecimal("25"));

        // When
        String row = row(dollars(null), tokens);

        // Then
        assertThat(cells(BudgetRow.HEADER))
                .containsExactly(
                        "TENANT",
                        "WINDOW",
                        "MODEL",
                        "STATE",
                        "PERCENT",
                        "USED_USD",
                        "RESERVED_USD",
                        "LIMIT_USD",
                        "USED_TOKENS",
                        "RESERVED_TOKENS",
                        "LIMIT_TOKENS",
                        "RESETS_AT");
        assertThat(cells(row))
                .containsExactly(
                        "acme", "day", "-", "ok", "25", "1.5", "0", "-", "30", "20", "200", "2026-05-15T12:01:00Z");
    }

    @Test
    void shouldShowTheShareOfTheTighterLimit() {
        // Given
        BudgetStatus.Tokens tokens = new BudgetStatus.Tokens(30, 20, 200L, null, 150L, new BigDecimal("25"));

        // When / Then
        assertThat(cells(row(dollars("15"), tokens)).get(4)).isEqualTo("25");
        assertThat(cells(row(dollars("70.5"), tokens)).get(4)).isEqualTo("70.5");
    }

    @Test
    void shouldShowWhatIsNoStatusInOneRow() {
        assertThat(BudgetRow.of("\u001b[31m{".getBytes(UTF_8)))
                .endsWith("not a status")
                .doesNotContain("\u001b");
    }
}
