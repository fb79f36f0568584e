package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetWindowTest {

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "30m, PT30M", "30h, PT30H", "30d, P30D", "3660d, P3660D"})
    void shouldReadADuration(String text, Duration length) {
        // Given / When
        var window = BudgetWindow.parse(text);

        // Then
        assertThat(window).contains(new BudgetWindow.Fixed(text, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"day", "month"})
    void shouldReadACalendarPeriod(String text) {
        // Given / When
        var window = BudgetWindow.parse(text);

        // Then
        assertThat(window.orElseThrow()).isInstanceOf(BudgetWindow.Calendar.class);
        assertThat(window.orElseThrow().text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "07d", "-1d", "1.5h", "30", "d", "30w", "3661d", "9999999999s", "Day", "30d "})
    void shouldReadNothingElse(String text) {
        // Given / When
        var window = BudgetWindow.parse(text);

        // Then
        assertThat(window).isEmpty();
    }
}
