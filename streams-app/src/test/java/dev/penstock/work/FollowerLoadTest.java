package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as waiting, and what is refused, against lists that are counted anew after each step. */
class FollowerLoadTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final FollowerLimits LIMITS = new FollowerLimits(6, 60);

    private record One(String group, Ticket ticket, byte[] original) implements FollowingRequest {}

    private final FollowerLoad load = new FollowerLoad(LIMITS);
    private final List<One> all = new ArrayList<>();
    /** Since when each group has been followed. */
    private final Map<String, Instant> since = new HashMap<>();

    private final Set<String> old = new HashSet<>();
    private Instant now = START;

    private static One one(Random random, long offset, Instant now) {
        String tenant = "tenant-" + random.nextInt(4);
        Instant came = now.minusSeconds(random.nextInt(5));
        return one(tenant, random.nextInt(3), offset, came, 1 + random.nextInt(15));
    }

    private static One one(String tenant, int group, long offset, Instant came, int size) {
        Ticket ticket = new Ticket(
                new Origin(new RequestId("llm.requests", 0, offset), 0L, 0, null),
                tenant,
                "a",
                null,
                Priority.NORMAL,
                InDoubtPolicy.RETRY,
                came,
                came.plusSeconds(100));
        return new One(tenant + "-" + group, ticket, new byte[size]);
    }

    private void add(One one) {
        load.add(one.group(), one);
        all.add(one);
        since.merge(one.group(), one.ticket().admittedAt(), (known, other) -> known.isBefore(other) ? known : other);
    }

    private void remove(One one) {
        load.remove(one.group(), one);
        all.remove(one);
        if (all.stream().noneMatch(other -> other.group().equals(one.group()))) {
            since.remove(one.group());
            old.remove(one.group());
        }
    }

    private void age() {
        load.age(now);
        since.forEach((group, time) -> {
            if (!time.plus(FollowerLoad.COUNTED_FOR).isAfter(now)) {
                old.add(group);
            }
        });
    }

    private boolean isCrowded(String tenant) {
        return old.stream().anyMatch(group -> group.startsWith(tenant + "-"));
    }

    private List<One> crowded() {
        return all.stream().filter(one -> isCrowded(one.ticket().tenant())).toList();
    }

    private static long bytes(List<One> some) {
        return some.stream().mapToLong(one -> one.original().length).sum();
    }

    private boolean mayFollow(One one) {
        String tenant = one.ticket().tenant();
        List<One> own = all.stream()
                .filter(other -> other.ticket().tenant().equals(tenant))
                .toList();
        int size = one.original().length;
        return !isCrowded(tenant)
                || (own.size() < LIMITS.items()
                        && bytes(own) + size <= LIMITS.bytes()
                        && (crowded().size() < 4 * LIMITS.items()
                                || own.size() + 1 <= 4L * LIMITS.items() / crowdedTenants())
                        && (bytes(crowded()) + size <= 4 * LIMITS.bytes()
                                || bytes(own) + size <= 4 * LIMITS.bytes() / crowdedTenants()));
    }

    private long crowdedTenants() {
        return crowded().stream().map(one -> one.ticket().tenant()).distinct().count();
    }

    @Test
    void shouldLetATenantWithLessThanItsPartFollowThoughOthersHaveAllThatThereIs() {
        // Given
        for (int tenant = 0; tenant < 4; tenant++) {
            for (int i = 0; i < LIMITS.items(); i++) {
                add(of("tenant-" + tenant));
            }
        }
        add(of("small"));
        now = now.plus(FollowerLoad.COUNTED_FOR);
        load.age(now);

        // When
        String second = load.tooMuch(of("small"));
        String ofAFullOne = load.tooMuch(of("tenant-0"));

        // Then
        assertThat(second).isNull();
        assertThat(ofAFullOne).isNotNull();
    }

    @Test
    void shouldCountForAShorterTimeWhileOtherTenantsSendRequests() {
        // Given
        add(of("repeats"));
        load.saw("repeats", now);
        load.saw("other", now);
        load.saw("repeats", now);

        // When
        now = now.plus(FollowerLoad.COUNTED_BESIDE_OTHERS).minusMillis(1);
        load.age(now);
        int before = load.waitingItems();
        now = now.plusMillis(1);
        load.age(now);

        // Then
        assertThat(before).isOne();
        assertThat(load.waitingItems()).isZero();
    }

    @Test
    void shouldCountForAMinuteWhereATenantIsAlone() {
        // Given
        load.saw("other", now);
        now = now.plus(SeenTenants.REMEMBERED_FOR);
        load.saw("repeats", now);
        load.saw("repeats", now);
        add(of("repeats"));

        // When
        now = now.plus(FollowerLoad.COUNTED_BESIDE_OTHERS);
        load.age(now);
        int alone = load.waitingItems();
        now = now.plus(FollowerLoad.COUNTED_FOR);
        load.age(now);

        // Then
        assertThat(alone).isOne();
        assertThat(load.waitingItems()).isZero();
    }

    private One of(String tenant) {
        return one(tenant, 0, all.size(), now, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldCountAndRefuseAsListsDo(long seed) {
        // Given
        Random random = new Random(seed);
        int refused = 0;

        for (int step = 0; step < 5_000; step++) {
            // When
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    One next = one(random, step, now);
                    assertThat(load.tooMuch(next) == null).isEqualTo(mayFollow(next));
                    if (load.tooMuch(next) == null) {
                        add(next);
                    } else {
                        refused++;
                    }
                }
                case 2 -> {
                    if (!all.isEmpty()) {
                        remove(all.get(random.nextInt(all.size())));
                    }
                }
                case 3 -> now = now.plus(Duration.ofSeconds(random.nextInt(12)));
                default -> age();
            }

            // Then
            List<One> crowded = crowded();
            assertThat(load.items()).isEqualTo(all.size());
            assertThat(load.waitingItems()).isEqualTo(all.size() - crowded.size());
            assertThat(load.waitingBytes()).isEqualTo(bytes(all) - bytes(crowded));
        }
        List.copyOf(all).forEach(this::remove);
        assertThat(load.inMemory()).isZero();
        assertThat(refused).isPositive();
    }
}
