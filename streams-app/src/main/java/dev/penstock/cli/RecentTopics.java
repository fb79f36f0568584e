package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.pipeline.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads along dead letters and budgets while somebody looks at the page, in a thread of its own that ends a minute after the last look. What was read
 * is kept, in bounded form, until the next one starts.
 */
final class RecentTopics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecentTopics.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration UNWATCHED = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final int MOST_LETTERS = 1_000;
    private static final int FEWEST_OF_A_PARTITION = 10;
    private static final int BUDGETS = 5_000;

    private final KafkaClients clients;
    private final Topics topics;
    private final int lettersOfAPartition;
    private final boolean withBudgets;
    private final RecentDeadLetters letters = new RecentDeadLetters();
    private final RecentBudgets budgets = new RecentBudgets(BUDGETS);
    private final AtomicLong lastLook = new AtomicLong();
    private volatile String status = "reading";
    private volatile boolean closed;
    private @Nullable Thread reader;

    /** @param withBudgets whether anybody writes budgets */
    RecentTopics(KafkaClients clients, Topics topics, int partitions, boolean withBudgets) {
        this.clients = clients;
        this.topics = topics;
        this.lettersOfAPartition = Math.max(FEWEST_OF_A_PARTITION, MOST_LETTERS / partitions);
        this.withBudgets = withBudgets;
    }

    RecentDeadLetters letters() {
        look();
        return letters;
    }

    RecentBudgets budgets() {
        look();
        return budgets;
    }

    /** {@code reading}, {@code current}, or why nothing is read. */
    String status() {
        return status;
    }

    private synchronized void look() {
        lastLook.set(System.nanoTime());
        if (!closed && (reader == null || !reader.isAlive())) {
            reader = Thread.ofPlatform().daemon().name("console-topics").start(this::read);
        }
    }

    private void read() {
        letters.clear();
        budgets.clear();
        status = "reading";
        try {
            follow();
        } catch (CommandFailure | KafkaException failed) {
            status = "not readable now";
            if (!closed) {
                LOG.atWarn().addKeyValue("reason", failed.getMessage()).log("the page cannot read the topics");
                pause(RETRY);
            }
        }
    }

    private void follow() throws CommandFailure {
        try (TopicReader dead = reader(topics.deadLetters(), new TopicReader.Last(lettersOfAPartition));
                TopicReader spent = withBudgets ? reader(topics.budgets(), new TopicReader.Beginning()) : null) {
            while (isWatched()) {
                for (ConsumerRecord<byte[], byte[]> message : dead.poll(POLL)) {
                    letters.add(DeadLetter.of(message));
                }
                if (spent != null) {
                    spent.poll(dead.caughtUp() ? POLL : Duration.ZERO).forEach(budgets::add);
                }
                if (dead.caughtUp() && (spent == null || spent.caughtUp())) {
                    status = "current";
                }
                pause(PAUSE);
            }
        }
    }

    private TopicReader reader(String topic, TopicReader.Start start) throws CommandFailure {
        return new TopicReader(clients, List.of(topic), start);
    }

    private boolean isWatched() {
        return !closed && System.nanoTime() - lastLook.get() < UNWATCHED.toNanos();
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            closed = true;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (reader != null) {
            reader.interrupt();
        }
    }
}
