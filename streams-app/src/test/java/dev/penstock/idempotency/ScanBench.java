package dev.penstock.idempotency;

import dev.penstock.pipeline.RocksDbMemory;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.work.FollowerLimits;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Prints what it costs to find what is to be done next in a store whose rows come and go, in RocksDB as the application sets
 * it: processor time in milliseconds of a look for a group that waits for a verdict, and of one for the earliest deadline, as
 * requests with one duplicate each are settled. Arguments: requests.
 */
final class ScanBench {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int STEP = 2_000;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final IdempotencyStore store;
    private long forVerdicts;
    private long forDeadlines;

    private ScanBench(KeyValueStore<Bytes, byte[]> rows) {
        this.store =
                new IdempotencyStore(rows, new FollowerLimits(Integer.MAX_VALUE, Long.MAX_VALUE), (items, bytes) -> {});
    }

    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        Path directory = Files.createTempDirectory("scans");
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "scans");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        MockProcessorContext<String, String> context =
                new MockProcessorContext<>(settings, new TaskId(0, 0), directory.toFile());
        KeyValueStore<Bytes, byte[]> rows =
                Stores.persistentKeyValueStore(IdempotencyStore.NAME).get();
        rows.init(context.getStateStoreContext(), rows);
        try {
            new ScanBench(rows).run(requests);
        } finally {
            rows.close();
        }
    }

    private void run(int requests) {
        long verdicts = 0;
        long deadlines = 0;
        follow(0);
        for (int i = 1; i <= requests; i++) {
            follow(i);
            settle(i - 1);
            if (i % STEP == 0) {
                print("after " + i, forVerdicts, 2 * STEP, forDeadlines, STEP);
                verdicts += forVerdicts;
                deadlines += forDeadlines;
                forVerdicts = 0;
                forDeadlines = 0;
            }
        }
        print("on average", verdicts, 2 * requests, deadlines, requests);
    }

    private static void print(String when, long verdicts, int looks, long deadlines, int times) {
        System.out.printf(
                Locale.ROOT,
                "%-14s verdict %.4f ms, deadline %.4f ms%n",
                when,
                verdicts / NANOS_PER_MILLI / looks,
                deadlines / NANOS_PER_MILLI / times);
    }

    private static Ticket ticket(int number, int offset) {
        return new Ticket(
                new Origin(new RequestId("llm.requests", 0, 2L * number + offset), START.toEpochMilli(), 0, null),
                "acme",
                "c-" + number,
                null,
                Priority.NORMAL,
                InDoubtPolicy.FAIL,
                START.plusMillis(number),
                START.plusSeconds(300).plusMillis(number));
    }

    private static String leader(int number) {
        return IdempotencyStore.leader(ticket(number, 0).id());
    }

    private static FollowerEntry follower(int number) {
        return new FollowerEntry(ticket(number, 1), new byte[1_024]);
    }

    private void follow(int number) {
        KeyEntry key = KeyEntry.ledBy(leader(number), "fingerprint");
        store.putKey("hash-" + number, key);
        store.putKey("hash-" + number, key.withFollowers());
        store.followers().put(leader(number), follower(number));
    }

    /** Its end, its duplicate's, and what looks for both. */
    private void settle(int number) {
        String leader = leader(number);
        KeyEntry key = KeyEntry.ledBy(leader, "fingerprint").withFollowers();
        store.putVerdict("acme", leader, Verdict.Failure.of(DeadLetterCode.PROVIDER_BAD_REQUEST, 1, "refused"));
        store.putKey("hash-" + number, key.finalUntil(START.plusSeconds(86_400)));
        store.putFanOut(leader, new FanOutEntry("hash-" + number, leader));
        forVerdicts += timed(store::nextFanOut);
        store.followers().end(leader, follower(number));
        store.endFanOut(leader);
        forVerdicts += timed(store::nextFanOut);
        forDeadlines += timed(store.followers()::nextDeadline);
    }

    private static long timed(Runnable look) {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        look.run();
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
    }
}
