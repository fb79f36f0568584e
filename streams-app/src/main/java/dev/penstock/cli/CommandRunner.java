package dev.penstock.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Parses and runs one command; turns what it throws into lines and an exit code. */
final class CommandRunner {

    private static final int MAX_ARGUMENT_CHARS = 200;

    private CommandRunner() {}

    static int run(CommandName name, String[] args, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(name.command());
        line.setCommandName("penstock " + name.word());
        line.setOut(writer(out)).setErr(writer(err));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler((wrong, arguments) -> usage(wrong, err));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err));
        return line.execute(args);
    }

    private static int usage(ParameterException wrong, PrintStream err) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String text = Cell.escaped(String.valueOf(wrong.getMessage()), MAX_ARGUMENT_CHARS);
        err.println(command + ": " + text + " (see " + command + " --help)");
        return CommandFailure.USAGE;
    }

    private static int failed(Exception failure, PrintStream err) {
        if (failure instanceof CommandFailure known) {
            String.valueOf(known.getMessage()).lines().forEach(err::println);
            return known.exitCode();
        }
        String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        err.println(Cell.escaped(failure.getClass().getSimpleName() + message, MAX_ARGUMENT_CHARS));
        return CommandFailure.FAILED;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
