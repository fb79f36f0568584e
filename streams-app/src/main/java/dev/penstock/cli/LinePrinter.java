package dev.penstock.cli;

import java.io.BufferedOutputStream;
import java.io.PrintStream;

/** Prints many lines to stdout, and notices when nobody reads any more: {@code penstock dead-letters list | head} ends. */
final class LinePrinter {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final PrintStream out = new PrintStream(new BufferedOutputStream(System.out, BUFFER_BYTES), false);

    void line(String text) {
        out.print(text);
        out.print('\n');
    }

    /** The bytes as they are, and a line feed. */
    void line(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        out.write('\n');
    }

    /** @return whether anybody still reads */
    boolean flushed() {
        out.flush();
        return !out.checkError() && !System.out.checkError();
    }
}
