package dev.penstock.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Which partition a tenant lives in: murmur2 of its name, as Java producers place a record whose key is the tenant.
 *
 * @param count partitions of every topic
 */
public record TenantPartitions(int count) implements ToIntFunction<String>, StreamPartitioner<byte[], byte[]> {

    @Override
    public int applyAsInt(String tenant) {
        return of(tenant.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<Set<Integer>> partitions(String topic, byte[] key, byte[] value, int numPartitions) {
        return Optional.of(Set.of(of(key)));
    }

    private int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }
}
