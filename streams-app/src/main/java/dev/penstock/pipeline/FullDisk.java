package dev.penstock.pipeline;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Finds out whether a failure comes from a disk without room. */
final class FullDisk {

    /** As the C library says it, and RocksDB and the JDK after it. */
    private static final String NO_SPACE = "No space left on device";

    private FullDisk() {}

    static boolean isCauseOf(Throwable failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (says(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(Throwable each) {
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
