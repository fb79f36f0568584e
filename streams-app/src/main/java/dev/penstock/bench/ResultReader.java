package dev.penstock.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads results as a user would and notes when each became readable. */
final class ResultReader implements AutoCloseable {

    private static final byte[] CUSTOM_ID = "\"custom_id\":\"".getBytes(StandardCharsets.UTF_8);
    private static final long CHECK_MILLIS = 5;
    private static final Duration STALL = Duration.ofMinutes(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String results;
    private final long[] readAt;
    private final Semaphore outstanding;
    private final Thread thread;
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger deadLetters = new AtomicInteger();

    /** @param readAt filled with {@link System#nanoTime()} by request number; 0 where none was read */
    ResultReader(String bootstrapServers, String results, String deadLetters, long[] readAt, Semaphore outstanding) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        "bench",
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "fetch.max.wait.ms",
                        50,
                        "max.poll.records",
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.results = results;
        this.readAt = readAt;
        this.outstanding = outstanding;
        consumer.subscribe(List.of(results, deadLetters));
        this.thread = Thread.ofPlatform().name("bench-reader").start(this::read);
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    note(record);
                }
            }
        } catch (WakeupException closed) {
            // the end of the run
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(results)) {
            int number = customId(record.value());
            if (readAt[number] == 0) {
                readAt[number] = System.nanoTime();
                received.incrementAndGet();
            }
        } else {
            deadLetters.incrementAndGet();
        }
        outstanding.release();
    }

    /** Only this one member is read: parsing whole results would measure the parser. */
    private static int customId(byte[] value) {
        int from = indexOf(value, CUSTOM_ID) + CUSTOM_ID.length;
        int number = 0;
        for (int i = from; value[i] != '"'; i++) {
            number = number * 10 + value[i] - '0';
        }
        return number;
    }

    private static int indexOf(byte[] value, byte[] what) {
        for (int at = 0; at <= value.length - what.length; at++) {
            if (Arrays.equals(value, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new IllegalStateException("a result without custom_id");
    }

    /**
     * Waits until that many terminals were read.
     *
     * @throws IllegalStateException if nothing more comes for two minutes
     */
    void await(int count) throws InterruptedException {
        int last = -1;
        long since = System.nanoTime();
        while (received.get() + deadLetters.get() < count) {
            TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
            if (received.get() != last) {
                last = received.get();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STALL.toNanos()) {
                throw new IllegalStateException("results: " + received + " (expected: " + count + "), dead letters: "
                        + deadLetters + "; nothing came for " + STALL);
            }
        }
    }

    /**
     * As {@link #await}, and each must be a result.
     *
     * @throws IllegalStateException if there is a dead letter
     */
    void awaitResults(int count) throws InterruptedException {
        await(count);
        if (deadLetters.get() > 0) {
            throw new IllegalStateException("dead letters: " + deadLetters + " (expected: none)");
        }
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
    }
}
