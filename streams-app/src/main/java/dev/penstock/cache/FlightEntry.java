package dev.penstock.cache;

import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of a key's flight.
 *
 * @param leader the request that the call is made for
 * @param priority the leader's place in the queue
 * @param group the name under which requests follow the leader; null while none does
 */
record FlightEntry(
        String leader, Priority priority, @Nullable String group) {

    static FlightEntry of(RequestId leader, Priority priority) {
        return new FlightEntry(leader.toString(), priority, null);
    }

    /** The name under which a further request follows. */
    String groupOfFollowers() {
        return Objects.requireNonNullElse(group, leader);
    }

    FlightEntry withFollowers() {
        return new FlightEntry(leader, priority, groupOfFollowers());
    }

    Flight flight() {
        return new Flight(Objects.requireNonNull(RequestId.parse(leader)), priority);
    }

    boolean isLedBy(RequestId id) {
        return leader.equals(id.toString());
    }
}
