package dev.penstock.pipeline;

import dev.penstock.work.Transactions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outbox of each stream thread. A processor runs on its stream thread, and a producer is made for one: they find each
 * other by the thread's name, which Streams makes the prefix of the producer's client id.
 */
final class Outboxes implements Transactions {

    private static final String PRODUCER_SUFFIX = "-producer";

    private final Map<String, Outbox> byThread = new ConcurrentHashMap<>();

    /** A new outbox for the producer with that client id; it takes the place of the one before. */
    Outbox openFor(String producerClientId) {
        String thread = producerClientId.endsWith(PRODUCER_SUFFIX)
                ? producerClientId.substring(0, producerClientId.length() - PRODUCER_SUFFIX.length())
                : producerClientId;
        Outbox outbox = new Outbox();
        byThread.put(thread, outbox);
        return outbox;
    }

    @Override
    public void afterCommit(PostCommit action) {
        current().add(action);
    }

    @Override
    public boolean claimFanOut(long bytes) {
        return current().claimFanOut(bytes);
    }

    private Outbox current() {
        String thread = Thread.currentThread().getName();
        Outbox outbox = byThread.get(thread);
        if (outbox == null) {
            throw new IllegalStateException("thread " + thread + " has no transactional producer");
        }
        return outbox;
    }
}
