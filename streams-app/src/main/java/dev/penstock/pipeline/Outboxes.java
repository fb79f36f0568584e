package dev.penstock.pipeline;

import dev.penstock.work.Transactions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The outbox of each stream thread. A processor runs on its stream thread, and a producer is made for one: they find each
 * other by the thread's name, which Streams makes the prefix of the producer's client id.
 */
final class Outboxes implements Transactions {

    private static final String PRODUCER_SUFFIX = "-producer";

    private final Map<String, Outbox> byThread = new ConcurrentHashMap<>();
    private final TransactionRecord record = new TransactionRecord();
    private final LongSupplier nanoClock;
    private final StepBudget budget;

    /**
     * @param nanoClock a clock that never goes back, in nanoseconds
     * @param budget what each transaction may carry of its thread's own work
     */
    Outboxes(LongSupplier nanoClock, StepBudget budget) {
        this.nanoClock = nanoClock;
        this.budget = budget;
    }

    /** A new outbox for the producer with that client id; it takes the place of the one before. */
    Outbox openFor(String producerClientId) {
        String thread = producerClientId.endsWith(PRODUCER_SUFFIX)
                ? producerClientId.substring(0, producerClientId.length() - PRODUCER_SUFFIX.length())
                : producerClientId;
        Outbox outbox = new Outbox(nanoClock, budget, record);
        byThread.put(thread, outbox);
        return outbox;
    }

    @Override
    public void afterCommit(PostCommit action) {
        current().add(action);
    }

    @Override
    public boolean claim(ProcessorContext<?, ?> context, String work, long bytes) {
        boolean granted = current().claim(new StepShares.Claimant(context.taskId(), work), bytes);
        if (!granted) {
            context.commit();
        }
        return granted;
    }

    /** How long the longest transaction was worked on of late, in seconds; those that are open count too. */
    double longestSeconds() {
        double open =
                byThread.values().stream().mapToLong(Outbox::workedNanos).max().orElse(0) / 1e9;
        return Math.max(open, record.longestSeconds());
    }

    /** How many transactions left work of their thread to a later one. */
    long exhaustedCount() {
        return record.exhaustedCount();
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
