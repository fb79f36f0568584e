package dev.penstock.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedScrapeTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SharedScrape scrape = new SharedScrape(this::next);
    private int made;
    private boolean broken;

    @Test
    void shouldShareATextForASecondFromTheBeginOfItsMaking() {
        // When / Then
        assertThat(text(NOW)).isEqualTo("text 1");
        assertThat(text(NOW.plusMillis(999))).isEqualTo("text 1");
        assertThat(text(NOW.plusMillis(1_000))).isEqualTo("text 2");
    }

    @Test
    void shouldMakeANewTextWhenTheClockGoesBack() {
        // When / Then
        assertThat(text(NOW)).isEqualTo("text 1");
        assertThat(text(NOW.minusSeconds(3_600))).isEqualTo("text 2");
    }

    @Test
    void shouldKeepNoFailure() {
        // Given
        broken = true;
        assertThatThrownBy(() -> text(NOW)).hasMessage("no text");

        // When
        broken = false;

        // Then
        assertThat(text(NOW)).isEqualTo("text 2");
    }

    private String next() {
        made++;
        if (broken) {
            throw new IllegalStateException("no text");
        }
        return "text " + made;
    }

    private String text(Instant now) {
        return new String(scrape.at(now).content(), UTF_8);
    }
}
