package dev.penstock.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes what one thread and those that it starts print; what others print goes on as before. So tests that print can run beside it. */
final class RoutedStream extends OutputStream {

    private final PrintStream others;

    /** Each of the two streams of a program has its own. */
    @SuppressWarnings("ThreadLocalUsage")
    private final InheritableThreadLocal<@Nullable OutputStream> taken = new InheritableThreadLocal<>();

    RoutedStream(PrintStream others) {
        this.others = others;
    }

    /** A command may close its output; the next one has the same again. */
    PrintStream asPrintStream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8) {
            @Override
            public void close() {
                flush();
            }
        };
    }

    /** From now on, for this thread and those that it starts. */
    void take(OutputStream to) {
        taken.set(to);
    }

    /** Ends it, for this thread. */
    void leave() {
        taken.remove();
    }

    @Override
    public void write(int value) throws IOException {
        stream().write(value);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        stream().write(bytes, start, length);
    }

    @Override
    public void flush() throws IOException {
        stream().flush();
    }

    private OutputStream stream() {
        OutputStream mine = taken.get();
        return mine == null ? others : mine;
    }
}
