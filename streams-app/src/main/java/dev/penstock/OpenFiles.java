package dev.penstock;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Checks at start that the process may open as many files as it will need; found out later, it would be under load. */
final class OpenFiles {

    /** Jars, logs, listening sockets and Kafka connections. */
    private static final int BASE = 300;
    /** Two stores with their tables, logs and changelog files. */
    private static final int PER_PARTITION = 40;

    private OpenFiles() {}

    static void check(int permits, int partitions) throws StartupException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            check(system.getMaxFileDescriptorCount(), permits, partitions);
        }
    }

    static void check(long limit, int permits, int partitions) throws StartupException {
        long needed = BASE + (long) permits + (long) PER_PARTITION * partitions;
        if (limit < needed) {
            throw new StartupException("open files limit: " + limit + " (expected: at least " + needed
                    + " for dispatch.permits=" + permits + " and topics.partitions=" + partitions
                    + "; raise it with ulimit -n, or lower dispatch.permits)");
        }
    }
}
