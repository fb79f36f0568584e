package dev.penstock.work;

import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.Trim;
import java.util.List;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** What tenants' policies say to stages before the one that dispatches calls. */
public interface TenantPolicies {

    /** Of prompts that requests share, as that task knows it; null where the policy does not say. */
    @Nullable
    BatchDirective batching(TaskId task, String tenant);

    /** Of the cache, for requests that do not say themselves; null where the policy does not say. */
    @Nullable
    CacheDirective caching(TaskId task, String tenant);

    /** Of prompts that are too long, for requests that do not say themselves; null where the policy does not say. */
    @Nullable
    Trim trimming(TaskId task, String tenant);

    /** The tiers that a tenant may use; null for all. */
    @Nullable
    List<String> tiers(TaskId task, String tenant);
}
