package dev.penstock.topics;

import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Whether the brokers know all that the pipeline needs, found out before it starts: older ones answer every question about
 * topics and fail the first transaction. No client can ask a broker for its version, so it is asked for something that came
 * with the oldest that will do.
 */
final class BrokerAge {

    private static final int TIMEOUT_MILLIS = 5_000;

    /** No producer has it, so the answer is empty, whatever the cluster is doing. */
    private static final long NO_PRODUCER = Long.MAX_VALUE;

    private BrokerAge() {}

    /**
     * Passes over a broker that does not answer: it may be about to restart, and says nothing of its age.
     *
     * @throws UnsupportedVersionException when a broker is too old
     */
    static void check(Admin admin) throws InterruptedException {
        ListTransactionsOptions ofNobody = new ListTransactionsOptions().filterProducerIds(Set.of(NO_PRODUCER));
        ofNobody.timeoutMs(TIMEOUT_MILLIS);
        try {
            admin.listTransactions(ofNobody).all().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnsupportedVersionException tooOld) {
                throw tooOld;
            }
        }
    }
}
