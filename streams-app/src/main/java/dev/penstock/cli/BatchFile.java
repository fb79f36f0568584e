package dev.penstock.cli;

import dev.penstock.files.PrivateFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** One file of an export. It is written beside its place, whole or not at all, and takes the place of what an earlier export left there. */
final class BatchFile implements AutoCloseable {

    private final Path place;
    private final Path part;
    private final Writer out;

    /** @throws CommandFailure if there is a link, or anything else that no export wrote, at its place */
    BatchFile(Path place) throws CommandFailure, IOException {
        this.place = place;
        this.part = place.resolveSibling(place.getFileName() + ".part");
        requireOwn(place);
        requireOwn(part);
        Files.deleteIfExists(part);
        this.out = new BufferedWriter(new OutputStreamWriter(PrivateFiles.create(part), StandardCharsets.UTF_8));
    }

    void line(String line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    /** Puts it into its place. */
    void keep() throws IOException {
        out.close();
        Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what an earlier export left. */
    static void remove(Path place) throws CommandFailure, IOException {
        requireOwn(place);
        Files.deleteIfExists(place);
    }

    private static void requireOwn(Path file) throws CommandFailure {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw CommandFailure.failed(file + ": " + (Files.isSymbolicLink(file) ? "a link" : "no file")
                    + " (expected: a file, or nothing)");
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
