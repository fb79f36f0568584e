package dev.penstock.pipeline;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the outcomes producer holds of each partition, bounded: a partition that the broker does not take from must not fill
 * the producer's memory, which all partitions share. Who is over the bound waits here, on a thread of its own.
 */
final class UnacknowledgedBytes {

    private static final class Partition {
        private long bytes;
    }

    private final long most;
    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param most a partition that holds as many bytes or more takes none until some are acknowledged */
    UnacknowledgedBytes(long most) {
        this.most = most;
    }

    /**
     * Waits until the partition is below its bound, and takes the bytes.
     *
     * @return false if it will not be written any more: closed, or interrupted
     */
    boolean take(int partition, int bytes) {
        Partition own = partitions.computeIfAbsent(partition, number -> new Partition());
        synchronized (own) {
            while (own.bytes >= most && !closed) {
                try {
                    own.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            if (closed) {
                return false;
            }
            own.bytes += bytes;
            return true;
        }
    }

    /** They are acknowledged, or never will be. */
    void release(int partition, int bytes) {
        Partition own = partitions.get(partition);
        if (own == null) {
            throw new IllegalStateException("partition " + partition + " holds no bytes");
        }
        synchronized (own) {
            own.bytes -= bytes;
            own.notifyAll();
        }
    }

    boolean hasRoom(int partition) {
        return held(partition) < most;
    }

    /** What a partition holds. */
    long held(int partition) {
        Partition own = partitions.get(partition);
        if (own == null) {
            return 0;
        }
        synchronized (own) {
            return own.bytes;
        }
    }

    /** What all partitions hold. */
    long total() {
        return partitions.keySet().stream().mapToLong(this::held).sum();
    }

    /** Sends away whoever waits. */
    void close() {
        closed = true;
        for (Partition partition : partitions.values()) {
            synchronized (partition) {
                partition.notifyAll();
            }
        }
    }
}
