package dev.penstock.pipeline;

import dev.penstock.work.Transactions.PostCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits for one producer's transaction to end. Belongs to the stream thread; not safe for others. */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private List<PostCommit> actions = new ArrayList<>();
    private final LongSupplier nanoClock;
    private final StepShares shares;
    private final TransactionRecord record;
    private volatile boolean begun;
    private volatile long begunAt;
    private volatile long worked;
    private volatile boolean commits;
    private boolean exhausted;

    /**
     * @param nanoClock a clock that never goes back, in nanoseconds
     * @param budget what a transaction grants
     * @param record of how transactions went
     */
    Outbox(LongSupplier nanoClock, StepBudget budget, TransactionRecord record) {
        this.nanoClock = nanoClock;
        this.shares = new StepShares(nanoClock, budget);
        this.record = record;
    }

    /** The producer has begun the transaction, as something is written, and will end it. */
    void begin() {
        if (!begun) {
            begunAt = nanoClock.getAsLong();
            begun = true;
        }
    }

    /** The thread's work on the transaction is done: how long it takes from here on is the broker's matter. */
    void commits() {
        if (begun && !commits) {
            worked = nanoClock.getAsLong() - begunAt;
            commits = true;
        }
    }

    /** How long the open transaction has been worked on, in nanoseconds; 0 if none is open. */
    long workedNanos() {
        if (!begun) {
            return 0;
        }
        return commits ? worked : nanoClock.getAsLong() - begunAt;
    }

    void add(PostCommit action) {
        actions.add(action);
    }

    /**
     * Takes a share of the transaction. Where the shares so far wrote nothing there may be nothing to commit, and no end of
     * a transaction to divide anew from: then it is divided anew when somebody asks again who was refused.
     */
    boolean claim(StepShares.Claimant who, long bytes) {
        if (!begun && shares.refused(who)) {
            divideAnew();
        }
        boolean granted = shares.claim(who, bytes);
        if (!granted && !exhausted) {
            exhausted = true;
            record.exhausted();
        }
        return granted;
    }

    private void divideAnew() {
        exhausted = false;
        shares.ended();
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
        if (begun) {
            record.ended(workedNanos());
        }
        begun = false;
        commits = false;
        divideAnew();
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
