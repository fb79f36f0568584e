package dev.penstock.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Parses and runs one command; turns what it throws into lines and an exit code. */
final class CommandRunner {

    private static final int MAX_ARGUMENT_CHARS = 200;

    private static final Pattern PLAIN = Pattern.compile("-{0,2}[A-Za-z-]{1,40}|-?[0-9]{1,10}");

    private CommandRunner() {}

    static int run(CommandName name, String[] args, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(name.command());
        line.setCommandName("penstock " + name.word());
        line.setOut(writer(out)).setErr(writer(err));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler((wrong, arguments) -> usage(wrong, arguments, err));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err));
        return line.execute(args);
    }

    private static int usage(ParameterException wrong, String[] arguments, PrintStream err) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String text = Cell.escaped(withoutSecrets(String.valueOf(wrong.getMessage()), arguments), MAX_ARGUMENT_CHARS);
        err.println(command + ": " + text + " (see " + command + " --help)");
        return CommandFailure.USAGE;
    }

    /** Of what was typed only words, numbers and the names of options are repeated. */
    private static String withoutSecrets(String message, String[] arguments) {
        String shown = message;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0 && PLAIN.matcher(argument.substring(0, equals)).matches()) {
                shown = without(shown, argument.substring(equals + 1));
            } else {
                shown = without(shown, argument);
            }
        }
        return shown;
    }

    private static String without(String message, String argument) {
        return argument.isEmpty() || PLAIN.matcher(argument).matches() ? message : message.replace(argument, "...");
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
