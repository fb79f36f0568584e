package dev.penstock.cli;

import picocli.CommandLine.Command;

/** {@code dead-letters list|show|replay|export}. */
@Command(
        name = "dead-letters",
        description = "Looks at what could not be answered, and sends it again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list|show|replay|export)",
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            DeadLettersReplayCommand.class,
            DeadLettersExportCommand.class
        })
final class DeadLettersCommand {}
