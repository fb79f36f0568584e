package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.work.StateCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CallStoreTest {

    private static final ObjectNode METADATA =
            JsonMapper.shared().createObjectNode().put("a", 1);
    private static final CallEntry NEW = Calls.waiting(Calls.ticket(7), 0, 0);
    private static final CallState.Dispatched LEFT =
            new CallState.Dispatched(Calls.SELF, "openai", Calls.NOW, Calls.NOW.plusSeconds(85));

    private final NotedStore rows = new NotedStore();
    private final CallStore store = new CallStore(rows.store());

    @Test
    void shouldKeepEveryFieldOfABody() {
        // Given
        CallBody body = body(300);

        // When
        store.add(NEW, body);

        // Then
        assertThat(store.body(Calls.id(7))).usingRecursiveComparison().isEqualTo(body);
        assertThat(store.get(Calls.id(7))).isEqualTo(NEW);
        assertThat(body.ticket(NEW).metadata()).isEqualTo(METADATA);
    }

    @Test
    void shouldDeleteBothRows() {
        // Given
        store.add(NEW, body(300));
        store.update(NEW.dispatched(LEFT));

        // When
        store.delete(Calls.id(7));

        // Then
        assertThat(rows.size()).isZero();
    }

    @Test
    void shouldSayWhoseBodyIsMissing() {
        assertThatThrownBy(() -> store.body(Calls.id(7)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Calls.id(7).toString());
    }

    @Test
    void shouldVisitEntriesInTheOrderOfArrivalAndReadNoBody() {
        // Given
        for (long offset : List.of(300L, 7L, 1L)) {
            store.add(Calls.waiting(Calls.ticket(offset), 0, 0), body(1000));
        }
        rows.forget();

        // When
        List<Long> visited = new ArrayList<>();
        store.forEach(entry -> visited.add(entry.ticket().id().offset()));

        // Then
        assertThat(visited).containsExactly(1L, 7L, 300L);
        assertThat(rows.bytesRead()).isLessThan(3 * 1000);
    }

    /** Held, dispatched, parked, dispatched and parked once more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 32, 256})
    void shouldWriteABodyOnceHoweverOftenItsCallMovesOn(int kib) {
        // Given
        CallBody body = body(kib * 1024);
        Instant due = Calls.NOW.plusSeconds(30);
        CallEntry held = NEW.waiting(new CallState.Waiting(due, null, true));

        // When
        store.add(held, body);
        CallEntry first = held.dispatched(LEFT);
        store.update(first);
        CallEntry parked = first.with(Progress.NONE.withLost("openai")).waiting(new CallState.Waiting(due, null));
        store.update(parked);
        CallEntry second = parked.dispatched(LEFT);
        store.update(second);
        store.update(second.with(second.progress().withLost("backup")).waiting(new CallState.Waiting(due, null)));

        // Then
        assertThat(rows.bytesWritten() - StateCodec.write(body).length)
                .as("five entries")
                .isLessThan(5 * 1024);
        assertThat(rows.writes()).isEqualTo(6);
    }

    /** Noise, so that compression does not help. */
    private static CallBody body(int bytes) {
        byte[] original = new byte[bytes];
        new Random(bytes).nextBytes(original);
        return new CallBody(METADATA, Calls.KEY, original);
    }
}
