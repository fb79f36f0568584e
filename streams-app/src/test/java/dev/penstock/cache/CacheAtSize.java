package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.pipeline.RocksDbMemory;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills the stage's store, as it is in production but for its changelog, and prints what a hit takes in the stage and how
 * much memory the process has. Arguments: a directory, answers (1,000,000), bytes of each (1,000), hits (200,000).
 */
final class CacheAtSize {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TENANTS = 100;

    private final KeyValueStore<Bytes, byte[]> store;
    private final AnswerStore answers;
    private final CacheBook book;
    private final Random random = new Random(1);

    private CacheAtSize(Path directory) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "cache-at-size");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        MockProcessorContext<String, Object> context =
                new MockProcessorContext<>(settings, new TaskId(0, 0), directory.toFile());
        this.store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(Caching.STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        this.answers = new AnswerStore(store, (before, after) -> {});
        this.book = new CacheBook(new CacheLimits(100_000_000, 1L << 36, RecordSizes.MAX_STORED_BYTES, 32), answers);
    }

    /** Runs once. */
    public static void main(String[] arguments) throws IOException {
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int bytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000;
        int hits = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 200_000;
        CacheAtSize cache = new CacheAtSize(Files.createDirectories(Path.of(arguments[0])));
        long start = System.nanoTime();
        cache.fill(count, bytes);
        System.out.printf(
                "filled %d answers of %d bytes in %d s%n", count, bytes, (System.nanoTime() - start) / 1_000_000_000);
        cache.hit(count, hits);
        System.out.println("heap used: "
                + ((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20) + " MiB");
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                .forEach(System.out::println);
        cache.store.close();
    }

    private void fill(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            byte[] stored = AnswerStore.encoded(answer(bytes));
            if (!(book.keep(key(i), stored.length, Duration.ofDays(1), NOW) instanceof Keeping.Kept)) {
                throw new IllegalStateException("answer " + i + " was not kept");
            }
            answers.putAnswer(key(i), stored);
        }
    }

    /** Twice: the first round is the warm-up. The second comes two minutes later, when a hit is also a touch. */
    private void hit(int count, int hits) {
        for (Duration later : List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(2))) {
            long[] took = new long[hits];
            for (int i = 0; i < hits; i++) {
                CacheKey key = key(random.nextInt(count));
                long start = System.nanoTime();
                if (!(book.find(key, NOW.plus(later)) instanceof Found.Hit)) {
                    throw new IllegalStateException("no hit");
                }
                answers.answer(key).shared();
                took[i] = System.nanoTime() - start;
            }
            Arrays.sort(took);
            System.out.printf(
                    "hit after %s: p50 %d us, p99 %d us, p99.9 %d us, max %d us%n",
                    later,
                    took[hits / 2] / 1_000,
                    took[(int) (hits * 0.99)] / 1_000,
                    took[(int) (hits * 0.999)] / 1_000,
                    took[hits - 1] / 1_000);
        }
    }

    private static CacheKey key(int number) {
        return new CacheKey("tenant-" + number % TENANTS, "%064x".formatted(number * 0x9E3779B97F4A7C15L));
    }

    private Verdict.Answer answer(int bytes) {
        StringBuilder text = new StringBuilder(bytes);
        while (text.length() < bytes) {
            text.append(Long.toHexString(random.nextLong()));
        }
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putArray("choices")
                .addObject()
                .put("finish_reason", "stop")
                .putObject("message")
                .put("role", "assistant")
                .put("content", text.toString());
        return new Verdict.Answer(200, "p", body, "one", "m", null, List.of(), new TokenUsage(7, 5, 0, 0), NOW, NOW);
    }
}
