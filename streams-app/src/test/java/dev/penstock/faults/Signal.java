package dev.penstock.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** A signal for one process, by its id. */
enum Signal {
    KILL,
    TERM,
    STOP,
    CONT;

    void send(long pid) {
        try {
            Process command = new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!command.waitFor(Limits.COMMAND.toMillis(), TimeUnit.MILLISECONDS)) {
                command.destroyForcibly();
                throw new IllegalStateException("kill -" + name() + " " + pid + ": still running after "
                        + Limits.COMMAND + " (expected: exit)");
            }
            int exit = command.exitValue();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name() + " " + pid + ": exit " + exit + " (expected: 0)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling " + pid, e);
        }
    }
}
