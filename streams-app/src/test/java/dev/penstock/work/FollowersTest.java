package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
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
    private static final FollowerLimits LIMITS = new FollowerLimits(5, 100);
    private static final byte PENDING = 'Q';

    private record Entry(Ticket ticket, byte[] original) implements FollowingRequest {}

    private final TombstoneStore store = new TombstoneStore();
    private final List<String> told = new ArrayList<>();
    private Followers<Entry> followers = reopened();
    private PendingLeaders pending = new PendingLeaders(store, PENDING);

    private Followers<Entry> reopened() {
        return new Followers<>(store, Entry.class, 1_000, LIMITS, (items, bytes) -> told.add(items + "/" + bytes));
    }

    private static Entry entry(long offset, Priority priority, Instant deadline) {
        Origin origin = new Origin(new RequestId("llm.requests", 0, offset), 0L, 0, null);
        return new Entry(
                new Ticket(origin, "acme", "a", null, priority, InDoubtPolicy.RETRY, NOW, deadline), new byte[] {1, 2});
    }

    private static Entry of(String tenant, long offset, Instant admittedAt) {
        return new Entry(ticket(tenant, offset, Priority.NORMAL, admittedAt), new byte[] {1, 2});
    }

    private static Ticket ticket(String tenant, long offset, Priority priority, Instant admittedAt) {
        Origin origin = new Origin(new RequestId("llm.requests", 0, offset), 0L, 0, null);
        return new Ticket(
                origin, tenant, "a", null, priority, InDoubtPolicy.RETRY, admittedAt, admittedAt.plusSeconds(600));
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
    void shouldCountNobodyAsWaitingOfATenantThatHasFollowedForAMinute() {
        // Given
        followers.put("g", of("crowded", 1, NOW));
        followers.put("h", of("crowded", 2, NOW.plusSeconds(30)));
        followers.put("i", of("other", 3, NOW.plusSeconds(30)));

        // When
        followers.age(NOW.plusSeconds(59));
        String before = told.getLast();
        followers.age(NOW.plusSeconds(60));
        String after = told.getLast();
        followers.put("h", of("crowded", 4, NOW.plusSeconds(61)));
        String withAnother = told.getLast();
        followers.end("g", of("crowded", 1, NOW));

        // Then
        assertThat(before).isEqualTo("3/6");
        assertThat(after).isEqualTo("1/2");
        assertThat(withAnother).isEqualTo("1/2");
        assertThat(told.getLast()).as("nothing has been followed for a minute").isEqualTo("3/6");
    }

    @Test
    void shouldKnowAfterARestartWhoHasFollowedForAMinute() {
        // Given
        followers.put("g", new Entry(ticket("acme", 1, Priority.INTERACTIVE, NOW.plusSeconds(30)), new byte[] {1, 2}));
        followers.put("g", of("acme", 2, NOW));

        // When
        followers = reopened();
        followers.age(NOW.plusSeconds(60));

        // Then
        assertThat(told.getLast()).isEqualTo("0/0");
    }

    @Test
    void shouldRefuseMoreOfATenantThanItsLimitOnceItHasFollowedForAMinute() {
        // Given
        for (int i = 0; i < 7; i++) {
            assertThat(followers.refused(of("crowded", i, NOW))).isNull();
            followers.put("g", of("crowded", i, NOW));
        }

        // When
        followers.age(NOW.plusSeconds(60));
        Verdict.Failure refused = followers.refused(of("crowded", 7, NOW));
        Verdict.Failure other = followers.refused(of("other", 8, NOW));

        // Then
        assertThat(refused)
                .isEqualTo(
                        Verdict.Failure.of(
                                DeadLetterCode.DISPATCH_CROWDED,
                                0,
                                "requests of the tenant that follow others: 8 (expected: at most 5, dispatch.waiting.max_items, where any has waited for 60 s, or 10 s beside other tenants)"));
        assertThat(other).isNull();
    }

    @Test
    void shouldRefuseByBytesToo() {
        // Given
        followers.put("g", new Entry(of("crowded", 1, NOW).ticket(), new byte[99]));

        // When
        followers.age(NOW.plusSeconds(60));

        // Then
        assertThat(followers.refused(of("crowded", 2, NOW))).isNotNull();
    }

    /** Each of many crowded tenants is below its own limit. */
    @Test
    void shouldRefuseMoreOfAllCrowdedTenantsThanFourMayHave() {
        // Given
        int offset = 0;
        for (int tenant = 0; tenant < 5; tenant++) {
            for (int i = 0; i < 4; i++) {
                followers.put("g-" + tenant, of("tenant-" + tenant, offset++, NOW));
            }
        }

        // When
        followers.age(NOW.plusSeconds(60));

        // Then
        assertThat(followers.refused(of("tenant-0", offset, NOW))).isNotNull();
        assertThat(followers.refused(of("young", offset, NOW))).isNull();
    }

    @Test
    void shouldRememberNoTenantThatFollowsNoMore() {
        // Given
        followers.put("g", of("acme", 1, NOW));
        followers.put("h", of("acme", 2, NOW.plusSeconds(1)));
        followers.age(NOW.plusSeconds(60));

        // When
        followers.end("g", of("acme", 1, NOW));
        followers.end("h", of("acme", 2, NOW.plusSeconds(1)));

        // Then
        assertThat(followers.groupsInMemory()).isZero();
        assertThat(told.getLast()).isEqualTo("0/0");
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
