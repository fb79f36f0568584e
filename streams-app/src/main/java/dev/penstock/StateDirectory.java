package dev.penstock;

import dev.penstock.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.RocksDB;

/** Checks at start that state can be kept; Kafka Streams would say so with stack traces, and only when it gets its first task. */
final class StateDirectory {

    private StateDirectory() {}

    static void check(Path directory) throws StartupException {
        checkWritable(directory);
        checkRocksDb();
    }

    /** Makes it if it is missing. */
    private static void checkWritable(Path directory) throws StartupException {
        try {
            PrivateFiles.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "check", null));
        } catch (IOException unwritable) {
            throw new StartupException(
                    "instance.state_dir: " + directory
                            + " cannot be written (expected: a directory where this user may write, on a disk that is not full)");
        }
    }

    /** Its native library comes from java.library.path, or is unpacked into java.io.tmpdir. */
    private static void checkRocksDb() throws StartupException {
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException unloadable) {
            throw new StartupException("java.io.tmpdir: " + System.getProperty("java.io.tmpdir")
                    + ": RocksDB cannot be loaded (expected: a directory where libraries may be unpacked and run)");
        }
    }
}
