package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepTimesTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:10Z, 2026-01-01T00:00:10Z",
        "2026-01-01T00:00:10.001Z, 2026-01-01T00:00:20Z",
        "2026-01-01T00:00:10.000000001Z, 2026-01-01T00:00:20Z",
        "2026-01-01T00:00:19.999999999Z, 2026-01-01T00:00:20Z"
    })
    void shouldSweepWhenTheExpiryHasPassed(Instant expiry, Instant sweep) {
        assertThat(SweepTimes.after(expiry)).isEqualTo(sweep);
    }
}
