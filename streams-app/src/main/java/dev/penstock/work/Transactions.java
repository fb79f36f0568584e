package dev.penstock.work;

/**
 * The transaction that the calling stream thread is in. What must not happen before the transaction is durable, such as
 * a call to a provider, is handed over here; a stage never talks to the outside itself.
 */
public interface Transactions {

    /** Runs the action's {@link PostCommit#committed()} once the current transaction is durable. */
    void afterCommit(PostCommit action);

    /**
     * Takes a share of what one transaction may carry of fanned-out terminals (a bounded number of records and bytes, so
     * that ten thousand followers of one large answer do not become one transaction).
     *
     * @return whether the share was granted; if not, the rest waits for a later transaction
     */
    boolean claimFanOut(long bytes);

    /** Something that waits for the transaction to end, one way or the other. Neither method may throw or block. */
    interface PostCommit {

        /** The transaction is durable. */
        void committed();

        /** The transaction was rolled back, or nobody knows: it is as if the stage had never asked. */
        void dropped();
    }
}
