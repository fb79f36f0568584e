package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.Attempts;
import dev.penstock.provider.TargetAttempts;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.work.Origin;
import dev.penstock.work.Route;
import dev.penstock.work.StateCodec;
import dev.penstock.work.Ticket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CallEntryTest {

    private static final Ticket FULL = new Ticket(
            new Origin(Calls.id(9), 1234, 2, "trace"),
            "acme",
            "c-1",
            JsonMapper.shared().createObjectNode().put("a", 1),
            Priority.BULK,
            InDoubtPolicy.FAIL,
            Calls.NOW,
            Calls.NOW.plusNanos(1));

    @Test
    void shouldKeepEveryFieldOfAWaitingCall() {
        assertKept(Calls.waiting(FULL, 0, 0));
        assertKept(Calls.waiting(Calls.ticket(1), 4, 3));
        assertKept(Calls.waiting(Calls.ticket(1), 4, 3).waiting(new CallState.Waiting(Calls.NOW.plusMillis(7), "two")));
    }

    @Test
    void shouldKeepEveryFieldOfADispatchedCall() {
        assertKept(Calls.dispatched(FULL, new Owner("node-1", "run-1"), 5, 2));
    }

    @Test
    void shouldCountDispatchesAndLosses() {
        // Given
        CallEntry entry = Calls.waiting(FULL, 0, 0);

        // When
        CallEntry lost = entry.dispatched(new CallState.Dispatched(Calls.SELF, "openai", Calls.NOW, Calls.NOW))
                .lostOnce();

        // Then
        assertThat(lost.dispatches()).isEqualTo(1);
        assertThat(lost.lost()).isEqualTo(1);
        assertThat(lost.state()).isEqualTo(CallState.READY);
        assertThat(lost.waiting(CallState.READY).lost()).isEqualTo(1);
    }

    private static void assertKept(CallEntry entry) {
        CallEntry before = new CallEntry(
                entry.ticket(),
                17,
                new Route(null, List.of("one", "two"), null, Duration.ofSeconds(30)),
                entry.state(),
                new Progress(
                        List.of(new AttemptReport("one", "timeout", 17)),
                        9,
                        new Attempts(
                                List.of(
                                        new TargetAttempts("one", 2, Calls.NOW.plusMillis(3)),
                                        new TargetAttempts("two", 1, null)),
                                2,
                                3),
                        DeadLetterCode.PROVIDER_TIMEOUT),
                entry.dispatches(),
                entry.lost(),
                true);
        CallEntry read = StateCodec.read(StateCodec.write(before), CallEntry.class);
        assertThat(read).usingRecursiveComparison().isEqualTo(before);
    }
}
