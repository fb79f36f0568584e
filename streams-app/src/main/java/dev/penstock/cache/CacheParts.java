package dev.penstock.cache;

import dev.penstock.config.CacheConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Task;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.TenantPolicies;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/** What both processors of the stage need: its policies under the configuration, and who is told. */
final class CacheParts {

    /** Answers that one step may remove: enough to catch up, too few to be felt. */
    private static final int MAX_EVICTIONS = 32;

    private final CacheConfig config;
    private final TenantPolicies tenants;
    private final IntakeGate gate;
    private final CacheListener listener;
    private final Map<TaskId, TaskFlights> flights = new ConcurrentHashMap<>();
    private final CachePolicy policy;
    private final CacheLimits limits;
    private final CoalescingPolicy coalescing = new CoalescingPolicy();

    CacheParts(CacheConfig config, TenantPolicies tenants, IntakeGate gate, CacheListener listener) {
        this.tenants = tenants;
        this.gate = gate;
        this.config = config;
        this.listener = listener;
        this.policy = new CachePolicy(config.ttl());
        this.limits = new CacheLimits(
                config.maxEntries(),
                config.maxBytes(),
                Math.min(config.maxBytes(), RecordSizes.MAX_STORED_BYTES),
                MAX_EVICTIONS);
    }

    CacheDecision decide(TaskId task, String tenant, Request request) {
        return policy.decide(request.cache(), ofTenant(tenants.caching(task, tenant)), ofTask(request.task()));
    }

    private CacheDefault ofTenant(@Nullable CacheDirective granted) {
        CacheDefault otherwise = config.enabled() ? CacheDefault.UNSET : CacheDefault.OFF;
        if (granted == null) {
            return otherwise;
        }
        return switch (granted) {
            case CacheDirective.Bypass bypass -> CacheDefault.OFF;
            case CacheDirective.Ttl ttl -> new CacheDefault(true, ttl.duration());
            case CacheDirective.Default byDefault -> otherwise;
            case CacheDirective.Refresh refresh -> otherwise;
        };
    }

    private CacheDefault ofTask(@Nullable Task task) {
        return task == null || config.tasks().contains(task) ? CacheDefault.UNSET : CacheDefault.OFF;
    }

    /** The task starts; what was in memory of an earlier start of it is forgotten. */
    TaskFlights startFlights(ProcessorContext<?, ?> context) {
        TaskFlights started = new TaskFlights(gate, context.taskId().partition());
        flights.put(context.taskId(), started);
        return started;
    }

    /** Those of a task whose first processor has started. */
    TaskFlights flights(ProcessorContext<?, ?> context) {
        return Objects.requireNonNull(flights.get(context.taskId()));
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
