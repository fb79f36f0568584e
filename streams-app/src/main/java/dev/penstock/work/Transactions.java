package dev.penstock.work;

import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The transaction that the calling stream thread is in. What must not happen before the transaction is durable, such as
 * a call to a provider, is handed over here; a stage never talks to the outside itself.
 */
public interface Transactions {

    /** Runs the action's {@link PostCommit#committed()} once the current transaction is durable. */
    void afterCommit(PostCommit action);

    /**
     * Takes a share of what one transaction of this thread may carry of work that the thread does on its own: a bounded
     * number of records, of bytes and of time, for all tasks of the thread together. So ten thousand followers of one
     * large answer, or ten thousand calls that are overdue at once, do not become one transaction.
     *
     * <p>If the share is refused, a commit has been requested. The caller must store where it stopped, or be able to
     * derive it from its state, and continue in a later transaction, in which it has a share whatever others have to do. The
     * first claim of a transaction is always granted, unless somebody waits who was refused before, or what is larger than
     * a whole budget could never be done.
     *
     * @param context of the processor that does the work
     * @param work its name: of what a task does independently of each other, each has its own turn
     * @param bytes the size of what is read, written or sent for it
     * @return whether the share was granted
     */
    boolean claim(ProcessorContext<?, ?> context, String work, long bytes);

    /** Something that waits for the transaction to end, one way or the other. Neither method may throw or block. */
    interface PostCommit {

        /** The transaction is durable. */
        void committed();

        /** The transaction was rolled back, or nobody knows: it is as if the stage had never asked. */
        void dropped();
    }
}
