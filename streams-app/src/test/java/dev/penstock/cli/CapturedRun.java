package dev.penstock.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A command that ran in this JVM, and all that it said, with the threads that it started. */
record CapturedRun(int exitCode, String out, String err) {

    private static final RoutedStream OUT = new RoutedStream(System.out);
    private static final RoutedStream ERR = new RoutedStream(System.err);

    static {
        System.setOut(OUT.asPrintStream());
        System.setErr(ERR.asPrintStream());
    }

    static CapturedRun of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OUT.take(out);
        ERR.take(err);
        try {
            int exitCode = Main.run(args, System.out, System.err);
            return new CapturedRun(
                    exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            OUT.leave();
            ERR.leave();
        }
    }
}
