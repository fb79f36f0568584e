package dev.penstock.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes what holds content: nobody but the owner has rights on it, where the file system knows rights, and no link is followed. */
public final class PrivateFiles {

    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private PrivateFiles() {}

    /**
     * Makes a file.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is anything at its place, a link to nowhere as well
     */
    public static OutputStream create(Path file) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(file, NEW, rights(file.getFileSystem(), "rw-------")));
    }

    /** Makes a directory and those above it, as far as they are missing. What is there keeps its rights. */
    public static Path createDirectories(Path directory) throws IOException {
        return Files.createDirectories(directory, rights(directory.getFileSystem(), "rwx------"));
    }

    private static FileAttribute<?>[] rights(FileSystem files, String rights) {
        return files.supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }
}
