package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.StateCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerEntryTest {

    private static final Instant EXACT = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final BigDecimal USD = new BigDecimal("0.00000012300000000001");

    static List<LedgerEntry> entries() {
        return List.of(
                new Reservation("llm.requests-0-123#1", EXACT, EXACT.plusSeconds(1), USD, 5L, 7L, List.of(1, 2)),
                new Reservation("r", EXACT, EXACT, null, null, null, List.of()),
                new Charge("c", "gpt-4o-mini", UsageEvent.Status.CORRECTED, EXACT, EXACT, USD, 12L, List.of(3)),
                new Charge("c", "gpt-4o-mini", UsageEvent.Status.UNKNOWN, EXACT, EXACT, null, null, List.of()));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void shouldKeepEveryFieldOfAnEntryInFewBytes(LedgerEntry entry) {
        // When
        byte[] stored = StateCodec.write(entry);

        // Then
        assertThat(StateCodec.read(stored, LedgerEntry.class)).isEqualTo(entry);
        assertThat(stored.length).isLessThan(256);
    }

    @Test
    void shouldKeepEveryFieldOfALedgerInFewBytes() {
        // Given
        LedgerTerms terms = new LedgerTerms(
                List.of(
                        Rules.rule("day", ZoneId.of("Europe/Berlin"), "10.50", "7", 1_000_000L),
                        Rules.usd("month", "1e3"),
                        Rules.tokens("30d", 5)),
                ZoneOffset.UTC,
                Duration.ofDays(1),
                Duration.ofSeconds(30));
        Ledger ledger = Ledger.opened(terms, EXACT);
        Charge ahead = new Charge(
                "c",
                "gpt-4o-mini",
                UsageEvent.Status.BILLED,
                EXACT.plus(Duration.ofDays(1)),
                EXACT,
                USD,
                12L,
                List.of(1, 2));
        Charge now = new Charge(
                "d", "gpt-4o-mini", UsageEvent.Status.BILLED, EXACT, EXACT, BigDecimal.TEN, 12L, List.of(1, 2, 3));

        // When
        Ledger full = ledger.count(ahead).next().count(now).next();
        byte[] stored = StateCodec.write(full);

        // Then
        assertThat(full.meters().getFirst().ahead()).hasSize(1);
        assertThat(full.meters().getFirst().usd().reported()).isEqualTo(80);
        assertThat(StateCodec.read(stored, Ledger.class)).isEqualTo(full);
        assertThat(stored.length).isLessThan(1_024);
    }

    @Test
    void shouldKeepEveryFieldOfModelTotals() {
        // Given
        ModelTotals totals = new ModelTotals(List.of(
                new ModelShare(1, "day", "gpt-4o-mini", EXACT, USD, BigDecimal.ONE, false),
                new ModelShare(2, "month", "gpt-4o-mini", EXACT, USD, BigDecimal.ONE, true)));

        // When
        byte[] stored = StateCodec.write(totals);

        // Then
        assertThat(StateCodec.read(stored, ModelTotals.class)).isEqualTo(totals);
        assertThat(stored.length).isLessThan(512);
    }

    @Test
    void shouldKnowItsWorstCase() {
        // Given
        Reservation bounded = (Reservation) entries().getFirst();
        Reservation unbounded = (Reservation) entries().get(1);

        // When / Then
        assertThat(bounded.worst()).isEqualTo(new Amount(USD, 12L));
        assertThat(bounded.worstUsage()).isEqualTo(new TokenUsage(5, 7, 0, 0));
        assertThat(unbounded.worst()).isEqualTo(new Amount(null, null));
        assertThat(unbounded.worstUsage()).isNull();
        assertThat(Reservation.id("llm.requests-0-123", 1)).isEqualTo("llm.requests-0-123#1");
    }
}
