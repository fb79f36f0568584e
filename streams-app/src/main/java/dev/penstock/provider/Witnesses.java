package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls a provider answered and whose it refused lately. A refused key or an empty account may be what one tenant asked
 * for: a model that the key may not use, or more output than the account can pay. Where another tenant was answered not long
 * ago, one tenant's refusals alone say nothing about others. Guarded by its owner.
 */
final class Witnesses {

    /** Answers that are older say nothing about the key and the account as they are now. */
    static final Duration RECENT = Duration.ofMinutes(10);

    private final LatestOfTwo answered = new LatestOfTwo();
    /** Who was refused since the last answer. */
    private @Nullable String refused;

    void answered(String tenant, Instant now) {
        answered.happened(tenant, now);
        refused = null;
    }

    /** @return whether that concerns all: nobody else was answered lately, or another one was refused since */
    boolean refused(String tenant, Instant now) {
        boolean byOthersToo = refused != null && !refused.equals(tenant);
        refused = tenant;
        return byOthersToo || !answered.happenedToAnother(tenant, now.minus(RECENT));
    }
}
