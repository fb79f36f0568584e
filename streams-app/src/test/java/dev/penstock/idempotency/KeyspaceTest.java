package dev.penstock.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Priority;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateKeys;
import dev.penstock.work.TimeIndex;
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
    void shouldOrderExpiriesByTime() {
        assertThat(Keyspace.expiry(TIME, "b")).isLessThan(Keyspace.expiry(TIME.plusMillis(1), "a"));
        assertThat(Keyspace.expiry(TIME, "")).isLessThan(Keyspace.expiry(TIME, "a"));
    }

    @Test
    void shouldReadBackWhatAnIndexKeyWasMadeOf() {
        // Given
        Bytes expiry = Keyspace.expiry(TIME, "hash");

        // When / Then
        assertThat(TimeIndex.timeOf(expiry)).isEqualTo(TIME);
        assertThat(Keyspace.hashOfExpiry(expiry)).isEqualTo("hash");
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
            Priority priority = random.nextBoolean() ? Priority.NORMAL : Priority.BULK;
            String name = leader.toString();

            // Then
            unique(seen, Keyspace.KEY, Keyspace.key(name), name);
            unique(seen, Keyspace.VERDICT, Keyspace.verdict(name), name);
            BodyKey body = new BodyKey("t" + random.nextInt(20), "h" + random.nextInt(20));
            unique(seen, Keyspace.BODY, Keyspace.body(body), body);
            unique(seen, Keyspace.REFERENCES, Keyspace.references(body), body);
            unique(seen, Keyspace.EXPIRY, Keyspace.expiry(time, name), time, name);
            unique(
                    seen,
                    FollowerKeys.FOLLOWER,
                    FollowerKeys.follower(name, priority, follower),
                    name,
                    priority,
                    follower);
            unique(
                    seen,
                    FollowerKeys.DEADLINE,
                    FollowerKeys.deadline(time, name, priority, follower),
                    time,
                    name,
                    priority,
                    follower);
        }
    }

    private static void unique(Map<Bytes, List<Object>> seen, byte kind, Bytes key, Object... parts) {
        List<Object> meaning = new ArrayList<>(List.of(kind));
        meaning.addAll(List.of(parts));
        assertThat(seen.computeIfAbsent(key, any -> meaning)).isEqualTo(meaning);
        assertThat(key).isBetween(StateKeys.startOf(kind), StateKeys.endOf(kind));
    }

    private static RequestId id(long offset) {
        return new RequestId("llm.requests", 0, offset);
    }
}
