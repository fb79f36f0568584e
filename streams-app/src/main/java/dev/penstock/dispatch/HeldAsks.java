package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How held calls ask again without being read, parsed and counted again. In memory only: after a start each asks in full
 * once, so that a changed configuration counts anew. At most one for each held call, and it ends with the hold.
 */
final class HeldAsks {

    private final Map<RequestId, Reservations.AsksAgain> byCall = new HashMap<>();

    /** The call is held. */
    void held(RequestId id, Reservations.Answer.Held held) {
        byCall.put(id, held.again());
    }

    /** Whether the call can ask without its body. */
    boolean knows(RequestId id) {
        return byCall.containsKey(id);
    }

    /** The call asks again. @return null when it is to ask in full */
    Reservations.Answer.@Nullable Held stillHeld(RequestId id, Instant now) {
        Reservations.AsksAgain again = byCall.remove(id);
        Reservations.Answer.Held held = again == null ? null : again.stillHeld(now);
        if (held != null) {
            held(id, held);
        }
        return held;
    }

    /** The call is over. */
    void ended(RequestId id) {
        byCall.remove(id);
    }
}
