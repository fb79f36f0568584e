package dev.penstock.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of a process. */
final class ProcessFigures {

    private ProcessFigures() {}

    /** Processor time of this process so far, in seconds. */
    static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** Largest resident size of this process so far, in MiB; 0 where the system does not say (no /proc). */
    static long maxRssMb() {
        return statusMb("VmHWM:");
    }

    /** Resident size of this process, in MiB; 0 where the system does not say. */
    static long rssMb() {
        return statusMb("VmRSS:");
    }

    /** Files and sockets that this process has open; 0 where the system does not say. */
    static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static long statusMb(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
