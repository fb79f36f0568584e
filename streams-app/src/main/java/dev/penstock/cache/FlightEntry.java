package dev.penstock.cache;

import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;
import java.util.Objects;

/**
 * The stored state of a key's flight.
 *
 * @param leader the request that the call is made for
 * @param priority the leader's place in the queue
 * @param followed whether any request follows it
 */
record FlightEntry(String leader, Priority priority, boolean followed) {

    static FlightEntry of(RequestId leader, Priority priority) {
        return new FlightEntry(leader.toString(), priority, false);
    }

    FlightEntry withFollowers() {
        return new FlightEntry(leader, priority, true);
    }

    Flight flight() {
        return new Flight(Objects.requireNonNull(RequestId.parse(leader)), priority);
    }

    boolean isLedBy(RequestId id) {
        return leader.equals(id.toString());
    }
}
