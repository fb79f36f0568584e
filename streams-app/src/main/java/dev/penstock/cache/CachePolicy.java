package dev.penstock.cache;

import dev.penstock.cache.CacheDecision.Lookup;
import dev.penstock.cache.CacheDecision.Refresh;
import dev.penstock.cache.CacheDecision.Skip;
import dev.penstock.schemas.CacheDirective;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Decides whether a request may be answered from the cache, and for how long its own answer is kept. What a request says
 * goes before every default; where it says nothing, one default that is off is enough, and the shorter time to live holds.
 */
final class CachePolicy {

    private final Duration defaultTtl;

    /** @param defaultTtl how long an answer is kept where nobody says otherwise */
    CachePolicy(Duration defaultTtl) {
        this.defaultTtl = defaultTtl;
    }

    CacheDecision decide(CacheDirective directive, CacheDefault tenant, CacheDefault task) {
        return switch (directive) {
            case CacheDirective.Bypass bypass -> new Skip();
            case CacheDirective.Refresh refresh -> new Refresh(ttl(tenant, task));
            case CacheDirective.Ttl asked -> new Lookup(asked.duration());
            case CacheDirective.Default byDefault ->
                tenant.on() && task.on() ? new Lookup(ttl(tenant, task)) : new Skip();
        };
    }

    private Duration ttl(CacheDefault tenant, CacheDefault task) {
        return Stream.of(tenant, task)
                .map(CacheDefault::ttl)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(defaultTtl);
    }
}
