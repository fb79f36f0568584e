package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

    @ParameterizedTest
    @CsvSource({
        "day, UTC, 2026-03-01T23:59:59.999Z, 2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z",
        "day, UTC, 2026-03-02T00:00:00Z, 2026-03-02T00:00:00Z, 2026-03-03T00:00:00Z",
        // Berlin's clocks go forward: a day of 23 hours.
        "day, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "day, Asia/Kolkata, 2026-01-01T18:29:59Z, 2025-12-31T18:30:00Z, 2026-01-01T18:30:00Z",
        // A day that starts at one o'clock, because midnight does not exist.
        "day, America/Asuncion, 2024-10-06T12:00:00Z, 2024-10-06T04:00:00Z, 2024-10-07T03:00:00Z",
        "month, UTC, 2024-02-29T12:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "month, America/New_York, 2026-01-01T04:59:59Z, 2025-12-01T05:00:00Z, 2026-01-01T05:00:00Z",
        "1s, UTC, 2026-01-01T00:00:00.5Z, 2026-01-01T00:00:00Z, 2026-01-01T00:00:01Z",
        "30d, UTC, 1970-01-30T23:59:59Z, 1970-01-01T00:00:00Z, 1970-01-31T00:00:00Z",
        "30d, UTC, 1969-12-31T23:59:59Z, 1969-12-02T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void shouldFindThePeriodOfATime(String text, String zone, Instant time, Instant start, Instant end) {
        assertThat(new Window(text, zone).periodAt(time)).isEqualTo(new Period(start, end));
    }

    @Test
    void shouldCoverAllTimeOnceInEveryZone() {
        Random random = new Random(6);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        for (int i = 0; i < 20_000; i++) {
            // Given
            String text = List.of("day", "month", "7h", "30d").get(random.nextInt(4));
            Window window = new Window(text, zones.get(random.nextInt(zones.size())));
            Instant time = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));

            // When
            Period period = window.periodAt(time);

            // Then
            assertThat(period.contains(time)).as("%s at %s", window, time).isTrue();
            assertThat(window.periodAt(period.end()).start()).isEqualTo(period.end());
            assertThat(window.periodAt(period.end().minusNanos(1))).isEqualTo(period);
        }
    }
}
