package dev.penstock.work;

import dev.penstock.schemas.BatchDirective;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** What tenants' policies say of prompts that requests share. */
@FunctionalInterface
public interface TenantBatching {

    /** What the tenant's policy says, as that task knows it; null where it does not say. */
    @Nullable
    BatchDirective of(TaskId task, String tenant);
}
