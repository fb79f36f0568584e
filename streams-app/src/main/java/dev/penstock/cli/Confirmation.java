package dev.penstock.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** Asks before something that cannot be taken back. */
final class Confirmation {

    private Confirmation() {}

    /**
     * Whether a person said yes.
     *
     * @throws CommandFailure when there is nobody to ask
     */
    static boolean given(String question) throws CommandFailure {
        Console console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(
                        () -> CommandFailure.usage(question + " Nobody to ask here (expected: a terminal, or --yes)"));
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
