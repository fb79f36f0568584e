package dev.penstock.cache;

import dev.penstock.config.CacheConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Task;
import dev.penstock.work.GatedFollowers;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Lead;
import dev.penstock.work.PerTask;
import dev.penstock.work.TenantPolicies;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What both processors of the stage need: its policies under the configuration, and its listener. */
final class CacheParts {

    /** Answers that one step may remove: enough to catch up, too few to be felt. */
    private static final int MAX_EVICTIONS = 32;

    private final CacheConfig config;
    private final TenantPolicies tenants;
    private final IntakeGate gate;
    private final CacheListener listener;
    private final PerTask<TaskCache> tasks = new PerTask<>();
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

    CacheKey key(ProcessorContext<?, ?> context, Lead lead) {
        TaskId task = context.taskId();
        String tenant = lead.ticket().tenant();
        return CacheKey.of(
                tenant, lead.request().trimmedAs(tenants.trimming(task, tenant)), tenants.tiers(task, tenant));
    }

    /** What a request would be given of what is kept. */
    long bytesFor(ProcessorContext<?, ?> context, Lead lead) {
        CacheDecision decision = decide(context.taskId(), lead.ticket().tenant(), lead.request());
        return decision instanceof CacheDecision.Lookup
                ? task(context).answers().bytesOf(key(context, lead))
                : 0;
    }

    TaskCache start(ProcessorContext<?, ?> context) {
        int partition = context.taskId().partition();
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(Caching.STORE);
        return tasks.start(
                context,
                new TaskCache(
                        new AnswerStore(store, sizeOf(partition)),
                        new FlightStore(
                                store,
                                gate.followerLimits(),
                                new GatedFollowers(gate, partition, IntakeGate.Place.FOLLOWERS))));
    }

    /** Those of a task whose first processor has started. */
    TaskCache task(ProcessorContext<?, ?> context) {
        return tasks.of(context);
    }

    void end(ProcessorContext<?, ?> context, TaskCache ended) {
        tasks.end(context, ended);
    }

    /** Whether all that was written before the task started has been read. */
    boolean caughtUp(ProcessorContext<?, ?> context) {
        return gate.caughtUp(context.taskId().partition());
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

    private CacheSize sizeOf(int partition) {
        return (before, after) ->
                listener.changed(partition, after.entries() - before.entries(), after.bytes() - before.bytes());
    }
}
