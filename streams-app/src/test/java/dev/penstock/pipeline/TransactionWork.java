package dev.penstock.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what each transaction of a pipeline under test reads of topics, and writes to topics and stores. */
final class TransactionWork {

    /**
     * One transaction.
     *
     * @param read records of topics
     * @param bytesRead their values
     * @param written records of topics and rows of stores, deleted ones too
     * @param bytesWritten their values
     */
    record Carried(int read, long bytesRead, int written, long bytesWritten) {}

    private final List<Carried> ended = new ArrayList<>();
    private int read;
    private long bytesRead;
    private int written;
    private long bytesWritten;

    void read(byte @Nullable [] value) {
        read++;
        bytesRead += value == null ? 0 : value.length;
    }

    void wrote(byte @Nullable [] value) {
        written++;
        bytesWritten += value == null ? 0 : value.length;
    }

    /** The transaction is over, one way or the other. */
    void ends() {
        ended.add(new Carried(read, bytesRead, written, bytesWritten));
        read = 0;
        bytesRead = 0;
        written = 0;
        bytesWritten = 0;
    }

    /** Transactions that ended since it was last asked. */
    List<Carried> takeEnded() {
        List<Carried> taken = List.copyOf(ended);
        ended.clear();
        return taken;
    }
}
