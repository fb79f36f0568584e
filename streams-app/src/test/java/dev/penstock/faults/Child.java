package dev.penstock.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** One run of a child process. Its output goes to a file; it is killed when this is closed. */
final class Child implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Path log;

    private final Instant startedAt = Instant.now();

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static Child start(ChildSpec spec, Path log) {
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(spec.environment());
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            return new Child(spec.name(), builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    Instant startedAt() {
        return startedAt;
    }

    Path log() {
        return log;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void signal(Signal signal) {
        signal.send(process.pid());
    }

    /** The processor time that it has used. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Waits for the process to end by itself. */
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + ": still running after " + limit + " (expected: exit); see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** What it has printed up to now. */
    String output() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL works on a stopped process too. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(Limits.COMMAND.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + ": still there " + Limits.COMMAND + " after SIGKILL (expected: gone); see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
