package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmationTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "END",
            value = {"y, true", "Yes, true", "' y ', true", "n, false", "'', false", "yep, false", "END, false"})
    void shouldTakeNothingButAYesForOne(@Nullable String typed, boolean expected) throws Exception {
        // Given
        List<@Nullable String> shown = new ArrayList<>();

        // When
        boolean given = Confirmation.given("Replay 3 dead letters?", Optional.of(prompt -> {
            shown.add(prompt);
            return typed;
        }));

        // Then
        assertThat(given).isEqualTo(expected);
        assertThat(shown).containsExactly("Replay 3 dead letters? [y/N] ");
    }

    @Test
    void shouldRefuseWhereNobodyCanBeAsked() {
        assertThatThrownBy(() -> Confirmation.given("Replay 3 dead letters?", Optional.empty()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Replay 3 dead letters? Nobody to ask here (expected: a terminal, or --yes)");
    }
}
