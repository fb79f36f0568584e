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
    private final Runnable begins;
    private int read;
    private long bytesRead;
    private int written;
    private long bytesWritten;

    /** @param begins the transaction, as something is written in it; may be run again */
    TransactionWork(Runnable begins) {
        this.begins = begins;
    }

    void read(byte @Nullable [] value) {
        read++;
        bytesRead += value == null ? 0 : value.length;
    }

    void wrote(byte @Nullable [] value) {
        written++;
        begins.run();
        bytesWritten += value == null ? 0 : value.length;
    }

    boolean wroteAnything() {
        return written > 0;
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
