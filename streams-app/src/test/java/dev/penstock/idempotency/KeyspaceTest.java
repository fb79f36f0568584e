package dev.penstock.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyspaceTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldKeepTheFollowersOfOneLeaderApartFromThoseOfALongerName() {
        // Given
        Bytes own = Keyspace.follower("llm.requests-0-1", id(7));
        Bytes foreign = Keyspace.follower("llm.requests-0-10", id(7));

        // When / Then
        Bytes from = Keyspace.followersOf("llm.requests-0-1");
        Bytes to = Keyspace.endOfFollowersOf("llm.requests-0-1");
        assertThat(own).isBetween(from, to);
        assertThat(foreign.compareTo(to)).isPositive();
        assertThat(Keyspace.followersOf("llm.requests-0-10")).isLessThan(foreign);
    }

    @Test
    void shouldOrderFollowersByTheirPlaceAndNotByItsText() {
        assertThat(Keyspace.follower("l", id(9))).isLessThan(Keyspace.follower("l", id(10)));
        assertThat(Keyspace.follower("l", id(Long.MAX_VALUE)))
                .isBetween(Keyspace.followersOf("l"), Keyspace.endOfFollowersOf("l"));
    }

    @Test
    void shouldOrderExpiriesByTime() {
        assertThat(Keyspace.expiry(TIME, "b")).isLessThan(Keyspace.expiry(TIME.plusMillis(1), "a"));
        assertThat(Keyspace.expiry(TIME, "")).isLessThan(Keyspace.expiry(TIME, "a"));
    }

    @Test
    void shouldReadBackWhatAnIndexKeyWasMadeOf() {
        // Given
        Bytes expiry = Keyspace.expiry(TIME, "hash");
        Bytes deadline = Keyspace.deadline(TIME, "llm.requests-3-4", id(5));

        // When / Then
        assertThat(Keyspace.timeOf(expiry)).isEqualTo(TIME);
        assertThat(Keyspace.hashOfExpiry(expiry)).isEqualTo("hash");
        assertThat(Keyspace.timeOf(deadline)).isEqualTo(TIME);
        assertThat(Keyspace.leaderOfDeadline(deadline)).isEqualTo("llm.requests-3-4");
        assertThat(Keyspace.followerOfDeadline(deadline)).isEqualTo(Keyspace.follower("llm.requests-3-4", id(5)));
        assertThat(Keyspace.leaderOfFanOut(Keyspace.fanOut("l-0-1"))).isEqualTo("l-0-1");
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void shouldGiveDifferentThingsDifferentKeysEachWithinItsKind(long seed) {
        // Given
        Random random = new Random(seed);
        Map<Bytes, List<Object>> seen = new HashMap<>();

        for (int i = 0; i < 20_000; i++) {
            // When
            RequestId leader = new RequestId("t", random.nextInt(3), random.nextInt(300));
            RequestId follower = id(random.nextInt(300));
            Instant time = TIME.plusMillis(random.nextInt(50));
            String name = leader.toString();

            // Then
            unique(seen, Keyspace.KEY, Keyspace.key(name), name);
            unique(seen, Keyspace.VERDICT, Keyspace.verdict(name), name);
            unique(seen, Keyspace.FAN_OUT, Keyspace.fanOut(name), name);
            unique(seen, Keyspace.EXPIRY, Keyspace.expiry(time, name), time, name);
            unique(seen, Keyspace.FOLLOWER, Keyspace.follower(name, follower), name, follower);
            unique(seen, Keyspace.DEADLINE, Keyspace.deadline(time, name, follower), time, name, follower);
        }
    }

    private static void unique(Map<Bytes, List<Object>> seen, byte kind, Bytes key, Object... parts) {
        List<Object> meaning = new ArrayList<>(List.of(kind));
        meaning.addAll(List.of(parts));
        assertThat(seen.computeIfAbsent(key, any -> meaning)).isEqualTo(meaning);
        assertThat(key).isBetween(Keyspace.startOf(kind), Keyspace.endOf(kind));
    }

    private static RequestId id(long offset) {
        return new RequestId("llm.requests", 0, offset);
    }
}
