package dev.penstock.dispatch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
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
     */
    record Waiting(Instant due, @Nullable String planned) implements CallState {}

    /**
     * It was handed to the call runner in the transaction that wrote this.
     *
     * @param owner who has it
     * @param target where its first attempt goes
     * @param startBy after this time the owner no longer sends it
     * @param leaseUntil after this time the owner's attempts have ended, one way or the other
     */
    record Dispatched(Owner owner, String target, Instant startBy, Instant leaseUntil) implements CallState {}
}
