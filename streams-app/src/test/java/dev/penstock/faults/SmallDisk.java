package dev.penstock.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A file system in memory of a few megabytes, which a test can fill and empty. Only root may mount one. */
final class SmallDisk implements AutoCloseable {

    private static final String FILLER = "filler";
    private static final int CHUNK = 64 * 1024;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    static SmallDisk mount(Path root, int megabytes) {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "penstock-test", root.toString());
        return new SmallDisk(root);
    }

    Path root() {
        return root;
    }

    /** Takes what is free, but for that many bytes. */
    void fillUpTo(long free) {
        byte[] chunk = new byte[CHUNK];
        Path filler = root.resolve(FILLER);
        try {
            while (usable() > free + CHUNK) {
                Files.write(filler, chunk, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives it back. */
    void empty() {
        try {
            Files.delete(root.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long usable() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public void close() {
        run("umount", "-l", root.toString());
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (!process.waitFor(Limits.COMMAND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        String.join(" ", command) + ": still running after " + Limits.COMMAND + " (expected: exit)");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + ": " + said + " (expected: root, and leave to mount)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at " + command[0], e);
        }
    }
}
