package dev.penstock.cache;

import dev.penstock.config.CacheConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Task;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/** What both processors of the stage need: its policies under the configuration, and who is told. */
final class CacheParts {

    /** Answers that one step may remove: enough to catch up, too few to be felt. */
    private static final int MAX_EVICTIONS = 32;

    private final CacheConfig config;
    private final CacheListener listener;
    private final CachePolicy policy;
    private final CacheLimits limits;
    private final CoalescingPolicy coalescing = new CoalescingPolicy();

    CacheParts(CacheConfig config, CacheListener listener) {
        this.config = config;
        this.listener = listener;
        this.policy = new CachePolicy(config.ttl());
        this.limits = new CacheLimits(
                config.maxEntries(),
                config.maxBytes(),
                Math.min(config.maxBytes(), RecordSizes.MAX_STORED_BYTES),
                MAX_EVICTIONS);
    }

    CacheDecision decide(Request request) {
        return policy.decide(
                request.cache(), config.enabled() ? CacheDefault.UNSET : CacheDefault.OFF, ofTask(request.task()));
    }

    private CacheDefault ofTask(@Nullable Task task) {
        return task == null || config.tasks().contains(task) ? CacheDefault.UNSET : CacheDefault.OFF;
    }

    CacheLimits limits() {
        return limits;
    }

    CoalescingPolicy coalescing() {
        return coalescing;
    }

    CacheListener listener() {
        return listener;
    }

    CacheSize sizeOf(ProcessorContext<?, ?> context) {
        int partition = context.taskId().partition();
        return (before, after) ->
                listener.changed(partition, after.entries() - before.entries(), after.bytes() - before.bytes());
    }
}
