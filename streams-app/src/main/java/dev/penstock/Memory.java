package dev.penstock;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Checks at start that heap and stores fit into the memory there is; found out later, the system would end the process without a word. */
final class Memory {

    /** Code, classes, threads and network buffers, in MiB. */
    private static final long BASE = 150;

    private Memory() {}

    /** @param storesBytes what the state stores share, outside the heap */
    static void check(long storesBytes) throws StartupException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            // Of the container, where it has a limit.
            check(system.getTotalMemorySize(), maxHeapBytes(), storesBytes);
        }
    }

    static void check(long totalBytes, long heapBytes, long storesBytes) throws StartupException {
        long left = mebibytes(totalBytes - heapBytes);
        long needed = mebibytes(storesBytes) + BASE;
        if (left < needed) {
            throw new StartupException("memory: " + mebibytes(totalBytes) + " MiB, " + left
                    + " MiB beside a heap of at most " + mebibytes(heapBytes) + " MiB (expected: at least " + needed
                    + " MiB beside it, " + mebibytes(storesBytes) + " MiB of them for streams.rocksdb_memory;"
                    + " give the machine or the container more, or lower streams.rocksdb_memory or -Xmx)");
        }
    }

    /** All of it: what the runtime tells is less where a part of the heap is always free. */
    private static long maxHeapBytes() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return Long.parseLong(options.getVMOption("MaxHeapSize").getValue());
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
