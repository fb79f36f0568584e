package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Standings standings = new Standings(10);

    /** Those who may be told of now, and are. */
    private List<String> tell(Instant now) {
        List<String> told = new ArrayList<>();
        for (String tenant = standings.first(now); tenant != null; tenant = standings.first(now)) {
            told.add(tenant);
            standings.told(tenant, null, now);
        }
        return told;
    }

    @Test
    void shouldTellOfATenantOnceASecondHoweverOftenItChanges() {
        // Given
        standings.touch("acme", NOW);
        standings.touch("acme", NOW.plusMillis(500));

        // When / Then
        assertThat(standings.nextChange()).isEqualTo(NOW.plusSeconds(1));
        assertThat(tell(NOW.plusMillis(999))).isEmpty();
        assertThat(tell(NOW.plusSeconds(1))).containsExactly("acme");
        assertThat(standings.nextChange()).isNull();
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
            told.add(tell(NOW.plusMillis(millis)).size());
        }

        // Then
        assertThat(told.stream().mapToInt(Integer::intValue).sum()).isEqualTo(25);
        assertThat(told.subList(0, 11)).containsExactly(10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10);
        assertThat(standings.nextChange()).isNull();
    }

    @Test
    void shouldSayWhenToAskAgainWhileOthersWait() {
        // Given
        standings = new Standings(1);
        standings.touch("a", NOW);
        standings.touch("b", NOW);

        // When
        tell(NOW.plusSeconds(1));

        // Then
        assertThat(standings.nextChange()).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void shouldKeepATenantFirstThatCouldNotBeToldOf() {
        // Given
        standings.touch("a", NOW);
        standings.touch("b", NOW);

        // When
        String refused = standings.first(NOW.plusSeconds(1));

        // Then
        assertThat(refused).isEqualTo("a");
        assertThat(tell(NOW.plusSeconds(1))).containsExactly("a", "b");
    }

    @Test
    void shouldTellOfAPeriodThatEndsByItself() {
        // Given
        Instant reset = NOW.plusSeconds(60);
        standings.resetsAt("acme", reset);

        // When / Then
        assertThat(standings.nextReset()).isEqualTo(reset);
        assertThat(standings.nextChange()).isNull();
        assertThat(tell(reset.minusMillis(1))).isEmpty();
        assertThat(tell(reset)).containsExactly("acme");
        assertThat(standings.nextReset()).isNull();
    }

    @Test
    void shouldTellOfAResetBeforeLaterChanges() {
        // Given
        standings.touch("changed", NOW);
        standings.resetsAt("reset", NOW.plusMillis(500));
        standings.resetsAt("reset-later", NOW.plusMillis(1_500));

        // When / Then
        assertThat(tell(NOW.plusSeconds(2))).containsExactly("reset", "changed", "reset-later");
    }
}
