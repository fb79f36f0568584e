package dev.penstock.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;

/** Entry point of the program. */
public final class Main {

    private static final int MAX_NAME_CHARS = 40;

    private Main() {}

    public static void main(String[] args) {
        int exitCode = run(args, System.out, System.err);
        System.out.flush();
        System.exit(exitCode);
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
            String shown = Cell.escaped(first, MAX_NAME_CHARS);
            err.println("penstock: " + shown + ": unknown command (expected: one of those in penstock --help)");
            return CommandFailure.USAGE;
        }
        return CommandRunner.run(name.get(), Arrays.copyOfRange(args, 1, args.length), out, err);
    }
}
