package dev.penstock.dispatch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a stored call is in its life. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CallState.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = CallState.Dispatched.class, name = "dispatched")
})
sealed interface CallState {

    /** It may go as soon as its turn comes. */
    Waiting READY = new Waiting(Instant.EPOCH, null);

    /**
     * It waits for its turn.
     *
     * @param due not before this time
     * @param planned the target that it waits for, if it was promised an attempt there
     * @param held whether a budget has no room for it
     */
    record Waiting(Instant due, @Nullable String planned, boolean held) implements CallState {

        Waiting(Instant due, @Nullable String planned) {
            this(due, planned, false);
        }
    }

    /**
     * It was handed to the call runner in the transaction that wrote this.
     *
     * @param owner who has it
     * @param target where its first attempt goes
     * @param startBy after this time the owner no longer sends it
     * @param leaseUntil after this time the owner's attempts have ended, one way or the other
     * @param reserved whether a budget holds its worst case
     * @param reservedUsd that worst case; null when nothing is held, or no price is known
     */
    record Dispatched(
            Owner owner,
            String target,
            Instant startBy,
            Instant leaseUntil,
            boolean reserved,
            @Nullable BigDecimal reservedUsd)
            implements CallState {

        Dispatched(Owner owner, String target, Instant startBy, Instant leaseUntil) {
            this(owner, target, startBy, leaseUntil, false, null);
        }

        Dispatched holding(@Nullable BigDecimal usd) {
            return new Dispatched(owner, target, startBy, leaseUntil, true, usd);
        }
    }
}
