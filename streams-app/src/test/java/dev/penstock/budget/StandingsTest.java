package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Standings standings = new Standings();

    @Test
    void shouldTellOfATenantOnceASecondHoweverOftenItChanges() {
        // Given
        standings.touch("acme", NOW);
        standings.touch("acme", NOW.plusMillis(500));

        // When / Then
        assertThat(standings.next()).isEqualTo(NOW.plusSeconds(1));
        assertThat(standings.take(NOW.plusMillis(999), 10)).isEmpty();
        assertThat(standings.take(NOW.plusSeconds(1), 10)).containsExactly("acme");
        assertThat(standings.next()).isNull();
    }

    @Test
    void shouldLetTenantsTakeTurnsWhenManyChangeAtOnce() {
        // Given
        for (int tenant = 0; tenant < 25; tenant++) {
            standings.touch("t-" + tenant, NOW);
        }

        // When
        List<Integer> told = new ArrayList<>();
        for (int millis = 1_000; millis <= 3_000; millis += 100) {
            told.add(standings.take(NOW.plusMillis(millis), 10).size());
        }

        // Then
        assertThat(told.stream().mapToInt(Integer::intValue).sum()).isEqualTo(25);
        assertThat(told.subList(0, 11)).containsExactly(10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10);
        assertThat(standings.next()).isNull();
    }

    @Test
    void shouldSayWhenToAskAgainWhileOthersWait() {
        // Given
        standings.touch("a", NOW);
        standings.touch("b", NOW);

        // When
        standings.take(NOW.plusSeconds(1), 1);

        // Then
        assertThat(standings.next()).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void shouldTellOfAPeriodThatEndsByItself() {
        // Given
        Instant reset = NOW.plusSeconds(60);
        standings.resetsAt("acme", reset);

        // When / Then
        assertThat(standings.next()).isEqualTo(reset);
        assertThat(standings.take(reset.minusMillis(1), 10)).isEmpty();
        assertThat(standings.take(reset, 10)).containsExactly("acme");
        assertThat(standings.next()).isNull();
    }
}
