package dev.penstock.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Asks before something that cannot be taken back. */
final class Confirmation {

    private Confirmation() {}

    /**
     * Whether a person said yes.
     *
     * @throws CommandFailure when there is nobody to ask
     */
    static boolean given(String question) throws CommandFailure {
        return given(
                question,
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .map(console -> prompt -> console.readLine("%s", prompt)));
    }

    /** @param terminal shows a prompt and returns what was typed, null at the end of the input; empty if there is none */
    static boolean given(String question, Optional<UnaryOperator<@Nullable String>> terminal) throws CommandFailure {
        String answer = terminal.orElseThrow(
                        () -> CommandFailure.usage(question + " Nobody to ask here (expected: a terminal, or --yes)"))
                .apply(question + " [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
