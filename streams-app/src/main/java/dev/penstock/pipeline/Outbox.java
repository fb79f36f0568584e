package dev.penstock.pipeline;

import dev.penstock.work.Transactions.PostCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits for one producer's transaction to end. Belongs to the stream thread; not safe for others. */
final class Outbox {

    /** Fanned-out terminals that one transaction carries at most. */
    static final int FAN_OUT_RECORDS = 500;

    /** Their bytes: values as they are sent, headers left out. */
    static final long FAN_OUT_BYTES = 4L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private List<PostCommit> actions = new ArrayList<>();
    private int fanOutRecords;
    private long fanOutBytes;

    void add(PostCommit action) {
        actions.add(action);
    }

    /** The first of a transaction is always granted, or a single large answer could never go out. */
    boolean claimFanOut(long bytes) {
        boolean first = fanOutRecords == 0;
        if (!first && (fanOutRecords >= FAN_OUT_RECORDS || fanOutBytes + bytes > FAN_OUT_BYTES)) {
            return false;
        }
        fanOutRecords++;
        fanOutBytes += bytes;
        return true;
    }

    void release() {
        end(PostCommit::committed);
    }

    void drop() {
        end(PostCommit::dropped);
    }

    private void end(Consumer<PostCommit> how) {
        List<PostCommit> ended = actions;
        actions = new ArrayList<>();
        fanOutRecords = 0;
        fanOutBytes = 0;
        for (PostCommit action : ended) {
            try {
                how.accept(action);
            } catch (RuntimeException e) {
                // One action must not keep the others from running: each of them is somebody's call.
                LOG.error("an action after the end of a transaction failed", e);
            }
        }
    }
}
