package dev.penstock.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Entry point of the program. */
public final class Main {

    /** Another word may be anything, also what belongs behind an option. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z-]{1,40}");

    private static final int MAX_ERROR_CHARS = 300;

    private Main() {}

    public static void main(String[] args) {
        System.exit(exitCodeOf(args));
    }

    /** An error means a broken installation or no memory. Nothing can be put in order then, and threads that were started must not live on. */
    private static int exitCodeOf(String[] args) {
        try {
            int exitCode = run(args, System.out, System.err);
            System.out.flush();
            return exitCode;
        } catch (Error broken) {
            System.err.println(line(broken));
            Runtime.getRuntime().halt(CommandFailure.FAILED);
            throw broken;
        }
    }

    static String line(Error broken) {
        Throwable cause = broken;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String what = Cell.escaped(String.valueOf(cause), MAX_ERROR_CHARS);
        return "penstock: " + what + " (expected: an installation that is whole, and memory for it)";
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        String first = args.length == 0 ? "--help" : args[0];
        return switch (first) {
            case "--help", "-h", "help" -> {
                out.print(RootHelp.TEXT);
                yield args.length == 0 ? CommandFailure.USAGE : 0;
            }
            case "--version", "-V" -> {
                out.println("penstock " + Version.text());
                yield 0;
            }
            default -> runCommand(first, args, out, err);
        };
    }

    private static int runCommand(String first, String[] args, PrintStream out, PrintStream err) {
        Optional<CommandName> name = CommandName.of(first);
        if (name.isEmpty()) {
            String shown = NAME.matcher(first).matches() ? first + ": " : "";
            err.println("penstock: " + shown + "unknown command (expected: one of those in penstock --help)");
            return CommandFailure.USAGE;
        }
        return CommandRunner.run(name.get(), Arrays.copyOfRange(args, 1, args.length), out, err);
    }
}
