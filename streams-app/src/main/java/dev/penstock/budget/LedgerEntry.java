package dev.penstock.budget;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** What a ledger keeps one by one, so that no request rewrites what others hold. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reservation.class, name = "r"),
    @JsonSubTypes.Type(value = Charge.class, name = "c")
})
public sealed interface LedgerEntry permits Reservation, Charge {

    /** Unique among the entries of its kind and tenant. */
    String id();

    /** When it is to be dealt with if nobody has. */
    Instant expiresAt();
}
