package dev.penstock.membership;

import dev.penstock.config.InstanceConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file beside the state of an instance that says: do not only stop, leave the group. It holds for one stop. */
public final class LeaveMarker {

    private static final String FILE = ".leave-group";

    private final Path file;

    private LeaveMarker(Path file) {
        this.file = file;
    }

    /** The marker of that instance. */
    public static LeaveMarker of(InstanceConfig instance) {
        return new LeaveMarker(instance.directory().resolve(FILE));
    }

    /**
     * Leaves the marker, or keeps the one that is there.
     *
     * @throws IOException if the instance has no state directory, or this user may not write there
     */
    public void set() throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException marked) {
            // Asked twice.
        }
    }

    public boolean isSet() {
        return Files.exists(file);
    }

    /** Removes the marker if it is there. */
    public void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
