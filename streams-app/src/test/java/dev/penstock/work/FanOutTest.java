package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FanOutTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private record Entry(Ticket ticket, byte[] original) implements FollowingRequest {}

    private final TombstoneStore store = new TombstoneStore();
    private final Followers<Entry> followers =
            new Followers<>(store, Entry.class, 1_000, new FollowerLimits(1_000, 1_000_000), (items, bytes) -> {});
    private final Queue<String> groups = new ArrayDeque<>();

    private final class Groups implements FanOut.Queue<Entry> {

        @Override
        public @Nullable String nextGroup() {
            return groups.peek();
        }

        @Override
        public Verdict verdict(String group) {
            return Verdict.Failure.of(DeadLetterCode.PROVIDER_BAD_REQUEST, 1, "no");
        }

        @Override
        public Followers<Entry> followers() {
            return followers;
        }

        @Override
        public void end(String group, Entry follower, Verdict verdict, Instant now) {
            followers.end(group, follower);
        }

        @Override
        public void done(String group) {
            groups.remove();
        }
    }

    private static final class Unbounded implements Transactions {

        @Override
        public void afterCommit(PostCommit action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean claim(ProcessorContext<?, ?> context, String work, long bytes) {
            return true;
        }
    }

    @Test
    void shouldKeepNothingOfAGroupInMemoryWhoseFollowersHaveEnded() {
        // Given
        FanOut<Entry> fanOut = new FanOut<>(new MockProcessorContext<>(), new Groups(), new Unbounded(), "answers");

        // When
        for (int i = 0; i < 1_000; i++) {
            String group = "llm.requests-0-" + i;
            Origin origin = new Origin(new RequestId("llm.requests", 0, 10_000 + i), 0L, 0, null);
            Ticket ticket = new Ticket(
                    origin, "acme", "a", null, Priority.NORMAL, InDoubtPolicy.RETRY, NOW, NOW.plusSeconds(60));
            followers.put(group, new Entry(ticket, new byte[] {1}));
            groups.add(group);
            fanOut.advance(NOW);
        }

        // Then
        assertThat(followers.count()).isZero();
        assertThat(store.size()).isZero();
        assertThat(followers.groupsInMemory()).isZero();
    }
}
