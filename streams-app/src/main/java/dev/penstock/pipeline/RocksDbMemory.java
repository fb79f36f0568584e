package dev.penstock.pipeline;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one write-buffer budget for all stores of the process: RocksDB's own limits are per store and
 * partition, and would multiply.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {

    /** Streams property: bytes that all stores share, outside the heap. */
    static final String TOTAL_BYTES = "penstock.rocksdb.total.bytes";

    private static final long DEFAULT_TOTAL_BYTES = 256L << 20;
    /** Half of the total: what is written waits here until it is flushed, and counts against the cache. */
    private static final int WRITE_BUFFER_SHARE = 2;

    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final int BLOOM_BITS_PER_KEY = 10;

    private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

    private static @Nullable Shared shared;

    private @Nullable BloomFilter bloomFilter;

    /** Streams makes one for each store. */
    public RocksDbMemory() {}

    private static synchronized Shared shared(Map<String, Object> configs) {
        if (shared == null) {
            Object configured = configs.get(TOTAL_BYTES);
            long total = configured == null ? DEFAULT_TOTAL_BYTES : Long.parseLong(configured.toString());
            Cache cache = new LRUCache(total);
            shared = new Shared(cache, new WriteBufferManager(total / WRITE_BUFFER_SHARE, cache));
        }
        return shared;
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        Shared memory = shared(configs);
        bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setFilterPolicy(bloomFilter);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
    }

    @Override
    public void close(String storeName, Options options) {
        if (bloomFilter != null) {
            bloomFilter.close();
        }
    }
}
