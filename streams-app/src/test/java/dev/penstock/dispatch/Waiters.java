package dev.penstock.dispatch;

import dev.penstock.schemas.Priority;
import java.time.Instant;
import java.util.List;

/** Waiting calls for tests. */
final class Waiters {

    static final List<String> CHAIN = List.of("one", "two");

    private Waiters() {}

    static Waiter of(long offset, String tenant, Priority priority, List<String> chain, Instant deadline) {
        return new Waiter(Calls.id(offset), tenant, priority, chain, Calls.NOW.plusMillis(offset), deadline, 10);
    }

    static Waiter of(long offset, String tenant, Priority priority) {
        return of(offset, tenant, priority, CHAIN, Calls.NOW.plusSeconds(600));
    }

    static Waiter of(long offset, String tenant) {
        return of(offset, tenant, Priority.NORMAL);
    }
}
