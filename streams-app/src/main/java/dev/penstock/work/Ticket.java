package dev.penstock.work;

import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What must be known of an admitted request to end it, whatever happens to the call: small enough to be kept beside
 * every entry that waits.
 *
 * @param origin where the record came from
 * @param tenant the tenant that owns it, and so its partition
 * @param customId the caller's own name for the request, echoed in the result
 * @param metadata echoed in the result
 * @param priority its class in the queue
 * @param inDoubt what to do when nobody knows whether the call was made
 * @param admittedAt when intake accepted it
 * @param deadline when it ends as a dead letter if nothing else ended it
 * @param cache its place in the cache; null if it does not use it
 */
public record Ticket(
        Origin origin,
        String tenant,
        String customId,
        @Nullable ObjectNode metadata,
        Priority priority,
        InDoubtPolicy inDoubt,
        Instant admittedAt,
        Instant deadline,
        @Nullable CacheClaim cache) {

    /** One that does not use the cache, or has not come to it. */
    public Ticket(
            Origin origin,
            String tenant,
            String customId,
            @Nullable ObjectNode metadata,
            Priority priority,
            InDoubtPolicy inDoubt,
            Instant admittedAt,
            Instant deadline) {
        this(origin, tenant, customId, metadata, priority, inDoubt, admittedAt, deadline, null);
    }

    /** The same with a place in the cache. */
    public Ticket claiming(CacheClaim place) {
        return new Ticket(origin, tenant, customId, metadata, priority, inDoubt, admittedAt, deadline, place);
    }

    /** The same, whose answer is given to those who wait for it and not kept for others. */
    public Ticket keepingNoAnswer() {
        return cache == null ? this : claiming(new CacheClaim(cache.hash(), Duration.ZERO));
    }

    /** The same with other metadata. */
    public Ticket withMetadata(@Nullable ObjectNode other) {
        return new Ticket(origin, tenant, customId, other, priority, inDoubt, admittedAt, deadline, cache);
    }

    /** The request's identity. */
    public RequestId id() {
        return origin.id();
    }
}
