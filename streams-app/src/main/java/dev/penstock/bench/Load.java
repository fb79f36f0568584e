package dev.penstock.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces numbered requests and notes when each was sent. */
final class Load implements AutoCloseable {

    /** What every request asks for. */
    static final String MODEL = "fake-1";

    private static final String ASKS = "\"batch\":\"allow\",";

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final BenchSettings settings;
    private final long[] sentAt;
    private final Semaphore outstanding;
    private final String filler;

    /**
     * @param sentAt filled with {@link System#nanoTime()} by request number
     * @param outstanding a permit for each request that may be on its way; returned by the reader
     */
    Load(String bootstrapServers, String topic, BenchSettings settings, long[] sentAt, Semaphore outstanding) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        settings.ratePerSecond() == 0 ? 5 : 0,
                        "acks",
                        "all",
                        "max.request.size",
                        2 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.topic = topic;
        this.settings = settings;
        this.sentAt = sentAt;
        this.outstanding = outstanding;
        this.filler = "lorem ipsum ".repeat(settings.payloadBytes() / 12 + 1).substring(0, settings.payloadBytes());
    }

    /** Sends the requests numbered {@code from} to {@code to - 1}, at the rate that was asked for. */
    void send(int from, int to) throws InterruptedException {
        long start = System.nanoTime();
        for (int number = from; number < to; number++) {
            if (settings.ratePerSecond() > 0) {
                long due = start + (number - from) * 1_000_000_000L / settings.ratePerSecond();
                awaitNanoTime(due);
            }
            outstanding.acquire();
            sendOne(number);
        }
        producer.flush();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not written is missed by the reader, loudly
    private void sendOne(int number) {
        String tenant = tenant(number % settings.tenants());
        String value = "{\"custom_id\":\"" + number + "\"," + (settings.saving().batching() ? ASKS : "")
                + "\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                + (settings.saving().others() ? "auto" : MODEL) + "\","
                + "\"max_completion_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\""
                + prompt(number) + " " + filler + "\"}]}}";
        sentAt[number] = System.nanoTime();
        producer.send(new ProducerRecord<>(
                topic, tenant.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }

    /** What tells a prompt from others of its tenant. */
    private int prompt(int number) {
        return settings.prompts() == 0 ? number : number / settings.tenants() % settings.prompts();
    }

    /** The name of a tenant. */
    static String tenant(int number) {
        return "tenant-" + number;
    }

    private static void awaitNanoTime(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
