package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.Test;

class FollowersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte PENDING = 'Q';

    private record Entry(Ticket ticket, byte[] original) implements FollowingRequest {}

    private final TombstoneStore store = new TombstoneStore();
    private final List<String> told = new ArrayList<>();
    private Followers<Entry> followers = reopened();
    private PendingLeaders pending = new PendingLeaders(store, PENDING);

    private Followers<Entry> reopened() {
        return new Followers<>(store, Entry.class, 1_000, (items, bytes) -> told.add(items + "/" + bytes));
    }

    private static Entry entry(long offset, Priority priority, Instant deadline) {
        Origin origin = new Origin(new RequestId("llm.requests", 0, offset), 0L, 0, null);
        return new Entry(
                new Ticket(origin, "acme", "a", null, priority, InDoubtPolicy.RETRY, NOW, deadline), new byte[] {1, 2});
    }

    private static Entry entry(long offset) {
        return entry(offset, Priority.NORMAL, NOW.plusSeconds(60).plusMillis(offset));
    }

    /** One request with one follower, from its arrival to its end. */
    private void settleOne(long offset) {
        String group = "llm.requests-0-" + offset;
        followers.put(group, entry(offset));
        followers.nextDeadline();
        pending.put(group, new byte[0]);
        for (String next = pending.next(); next != null; next = pending.next()) {
            try (KeyValueIterator<Bytes, byte[]> rows = followers.of(next)) {
                while (rows.hasNext()) {
                    followers.end(next, followers.decode(rows.next()));
                }
            }
            pending.remove(next);
        }
        followers.nextDeadline();
        followers.overdue(NOW);
    }

    @Test
    void shouldReadNoMoreForALookAfterTwentyThousandWereSettled() {
        // Given
        for (int i = 0; i < 20_000; i++) {
            settleOne(i);
        }
        store.takeSteps();

        // When
        for (int i = 20_000; i < 20_100; i++) {
            settleOne(i);
        }

        // Then
        assertThat(store.takeSteps()).isLessThan(500);
        assertThat(store.size()).isZero();
    }

    @Test
    void shouldPassEachFollowerOfAGroupOnceThoughTheyEndOneByOne() {
        // Given
        for (int i = 0; i < 2_000; i++) {
            followers.put("g", entry(i));
        }
        store.takeSteps();

        // When
        for (Entry first = followers.first("g"); first != null; first = followers.first("g")) {
            followers.end("g", first);
        }

        // Then
        assertThat(store.takeSteps()).isLessThan(10_000);
    }

    @Test
    void shouldFindTheMoreUrgentThatCameLater() {
        // Given
        followers.put("g", entry(1));
        followers.put("g", entry(2));
        followers.end("g", Objects.requireNonNull(followers.first("g")));
        followers.first("g");

        // When
        Entry urgent = entry(3, Priority.INTERACTIVE, NOW.plusSeconds(9));
        followers.put("g", urgent);

        // Then
        assertThat(Objects.requireNonNull(followers.first("g")).ticket()).isEqualTo(urgent.ticket());
        assertThat(followers.nextDeadline()).isEqualTo(NOW.plusSeconds(9));
        assertThat(followers.overdue(NOW.plusSeconds(9))).isNotNull();
    }

    @Test
    void shouldTellHowMuchFollows() {
        // When
        followers.put("g", entry(1));
        followers.put("h", entry(2));
        followers.end("g", entry(1));

        // Then
        assertThat(told).containsExactly("0/0", "1/2", "2/4", "1/2");
    }

    @Test
    void shouldFindWhatAnEarlierOwnerLeft() {
        // Given
        followers.put("g", entry(1));
        followers.put("g", entry(2));
        pending.put("g", new byte[] {7});

        // When
        followers = reopened();
        pending = new PendingLeaders(store, PENDING);

        // Then
        assertThat(followers.count()).isEqualTo(2);
        assertThat(followers.nextDeadline()).isEqualTo(NOW.plusSeconds(60).plusMillis(1));
        assertThat(pending.next()).isEqualTo("g");
        assertThat(pending.get("g")).containsExactly(7);
        assertThat(told.getLast()).isEqualTo("2/4");
    }

    @Test
    void shouldStoreNoneThatIsTooLarge() {
        // Given
        byte[] noise = new byte[2_000];
        new Random(1).nextBytes(noise);

        // When
        boolean stored = followers.put("g", new Entry(entry(1).ticket(), noise));

        // Then
        assertThat(stored).isFalse();
        assertThat(store.size()).isZero();
    }
}
