package dev.penstock.dispatch;

import dev.penstock.provider.Lease;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.schemas.Request;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls for tests. */
final class Calls {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final Owner SELF = new Owner("node-1", "run-2");

    static final IdempotencyKey KEY = new IdempotencyKey("hash", "fingerprint");

    private Calls() {}

    static RequestId id(long offset) {
        return new RequestId("llm.requests", 0, offset);
    }

    static Ticket ticket(long offset, InDoubtPolicy inDoubt, Instant deadline) {
        Origin origin = new Origin(id(offset), 0, 0, null);
        return new Ticket(origin, "acme", "c-" + offset, null, Priority.NORMAL, inDoubt, NOW, deadline);
    }

    static Ticket ticket(long offset) {
        return ticket(offset, InDoubtPolicy.RETRY, NOW.plus(Duration.ofMinutes(10)));
    }

    static final Route ROUTE = new Route("medium", List.of("openai"), "m-1", Duration.ofSeconds(60));

    static CallEntry waiting(Ticket ticket, int dispatches, int lost) {
        return new CallEntry(ticket, 2, ROUTE, CallState.READY, Progress.NONE, dispatches, lost, false);
    }

    static CallEntry dispatched(Ticket ticket, Owner owner, int dispatches, int lost) {
        CallState.Dispatched state =
                new CallState.Dispatched(owner, "openai", NOW.plusSeconds(10), NOW.plusSeconds(70));
        return new CallEntry(ticket, 2, ROUTE, state, Progress.NONE, dispatches, lost, false);
    }

    static Request request(long offset) {
        ObjectNode body =
                JsonMapper.shared().createObjectNode().put("model", "m-1").put("prompt", "p-" + offset);
        return new Request(
                "c-" + offset,
                null,
                null,
                Request.CHAT_COMPLETIONS,
                body,
                null,
                Priority.NORMAL,
                null,
                null,
                null,
                new CacheDirective.Default(),
                BatchDirective.NEVER,
                null,
                null,
                null);
    }

    /** One whose attempts may take that long; null where it says nothing of it. */
    static Request requestWithin(@Nullable Duration attemptTimeout) {
        Request plain = request(1);
        return new Request(
                plain.customId(),
                plain.tenant(),
                plain.idempotencyKey(),
                plain.url(),
                plain.body(),
                plain.task(),
                plain.priority(),
                plain.deadline(),
                plain.timeout(),
                attemptTimeout,
                plain.cache(),
                plain.batch(),
                plain.trim(),
                plain.inDoubt(),
                plain.metadata());
    }

    static Launch launch(long offset, int number, int partition, Lease lease) {
        return new Launch(
                ticket(offset),
                "hash-" + offset,
                request(offset),
                ROUTE,
                Progress.NONE,
                partition,
                number,
                new CallState.Dispatched(SELF, "openai", NOW.plusSeconds(10), NOW.plusSeconds(85)),
                100,
                lease);
    }
}
