package dev.penstock.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What a failure says about the disk that has the state: that it has no room, or that what is on it cannot be opened. */
final class StateDisk {

    /** As the C library says it, and RocksDB and the JDK after it. */
    private static final String NO_SPACE = "No space left on device";

    private StateDisk() {}

    /**
     * The line for a disk without room.
     *
     * @param directory of the state
     * @return empty if the failure has another cause
     */
    static Optional<String> full(Path directory, Throwable failure) {
        return causes(failure)
                .filter(StateDisk::saysFull)
                .findFirst()
                .map(any -> "instance.state_dir: " + directory
                        + ": no space is left on the device (expected: room for state; free some, and start again)");
    }

    /** The line for state that cannot be opened at start, whatever the cause. */
    static String unusable(Path directory, ProcessorStateException failure) {
        return full(directory, failure)
                .orElseGet(
                        () -> "instance.state_dir: " + directory + ": what is there cannot be opened: "
                                + causes(failure)
                                        .reduce((before, cause) -> cause)
                                        .map(Throwable::getMessage)
                                        .orElse("")
                                + " (expected: state that this program left; once the directory is removed, it is restored from Kafka)");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(
                        failure,
                        Objects::nonNull,
                        each -> Objects.requireNonNull(each).getCause())
                .map(Objects::requireNonNull);
    }

    private static boolean saysFull(Throwable each) {
        return switch (each) {
            case RocksDBException rocksDb -> isNoSpace(rocksDb.getStatus()) || names(rocksDb);
            case IOException io -> names(io);
            default -> false;
        };
    }

    private static boolean isNoSpace(@Nullable Status status) {
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    private static boolean names(Exception each) {
        return String.valueOf(each.getMessage()).contains(NO_SPACE);
    }
}
