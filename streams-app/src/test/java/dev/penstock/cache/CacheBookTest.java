package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CacheBookTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final CacheKey KEY = key("acme", 0);

    private final CheckedStore store = new CheckedStore();

    private static CacheKey key(String tenant, int number) {
        return new CacheKey(tenant, "hash-" + number);
    }

    private CacheBook book(long maxEntries, long maxBytes, int maxEvictions) {
        return new CacheBook(new CacheLimits(maxEntries, maxBytes, maxBytes, maxEvictions), store);
    }

    @Test
    void shouldGiveAnAnswerUntilTheMomentItExpires() {
        // Given
        CacheBook book = book(10, 10_000, 5);
        book.keep(KEY, 100, HOUR, NOW);

        // When
        Found before = book.find(KEY, NOW.plus(HOUR).minusMillis(1));
        Found after = book.find(KEY, NOW.plus(HOUR));

        // Then
        assertThat(before).isInstanceOf(Found.Hit.class);
        assertThat(after).isEqualTo(new Found.Miss());
        assertThat(store.entries()).isEmpty();
        assertThat(store.totals("acme")).isEqualTo(CacheTotals.NONE);
    }

    @Test
    void shouldFindNothingOfAnotherTenant() {
        // Given
        CacheBook book = book(10, 10_000, 5);
        book.keep(KEY, 100, HOUR, NOW);

        // When
        Found found = book.find(new CacheKey("other", KEY.hash()), NOW);

        // Then
        assertThat(found).isEqualTo(new Found.Miss());
    }

    @Test
    void shouldWriteAHitAtMostOnceAMinute() {
        // Given
        CacheBook book = book(10, 10_000, 5);
        book.keep(KEY, 100, HOUR, NOW);
        int before = store.writes;

        // When
        IntStream.range(0, 600).forEach(tenth -> book.find(KEY, NOW.plusMillis(tenth * 100L)));

        // Then
        assertThat(store.writes).isEqualTo(before);
        book.find(KEY, NOW.plusSeconds(60));
        assertThat(store.writes).isEqualTo(before + 1);
        book.find(KEY, NOW.plusSeconds(119));
        assertThat(store.writes).isEqualTo(before + 1);
    }

    @Test
    void shouldEvictTheLeastRecentlyUsed() {
        // Given
        CacheBook book = book(3, 10_000, 5);
        IntStream.range(0, 3).forEach(i -> book.keep(key("acme", i), 100, HOUR, NOW.plusSeconds(i)));
        book.find(key("acme", 0), NOW.plusSeconds(61));

        // When
        Keeping keeping = book.keep(key("acme", 3), 100, HOUR, NOW.plusSeconds(62));

        // Then
        assertThat(keeping).isEqualTo(new Keeping.Kept(1));
        assertThat(store.entries().keySet()).containsExactlyInAnyOrder(key("acme", 0), key("acme", 2), key("acme", 3));
    }

    @Test
    void shouldEvictNoOtherTenants() {
        // Given
        CacheBook book = book(1, 10_000, 5);
        book.keep(key("other", 0), 100, HOUR, NOW);

        // When
        book.keep(KEY, 100, HOUR, NOW.plusSeconds(1));
        Keeping keeping = book.keep(key("acme", 1), 100, HOUR, NOW.plusSeconds(2));

        // Then
        assertThat(keeping).isEqualTo(new Keeping.Kept(1));
        assertThat(store.entries().keySet()).containsExactlyInAnyOrder(key("other", 0), key("acme", 1));
    }

    @Test
    void shouldMakeRoomForALargeAnswerOverSeveralSteps() {
        // Given
        long small = 100 + CacheBook.OVERHEAD_BYTES;
        CacheBook book = book(100, 10 * small, 4);
        IntStream.range(0, 10).forEach(i -> book.keep(key("acme", i), 100, HOUR, NOW.plusSeconds(i)));
        long large = 8 * small - CacheBook.OVERHEAD_BYTES;

        // When
        List<Keeping> steps = IntStream.range(0, 2)
                .mapToObj(i -> book.keep(key("acme", 100 + i), large, HOUR, NOW.plusSeconds(20)))
                .toList();

        // Then
        assertThat(steps).containsExactly(new Keeping.NoRoom(4), new Keeping.Kept(4));
    }

    @Test
    void shouldNotKeepWhatIsLargerThanOneAnswerMayBe() {
        // Given
        CacheBook book = new CacheBook(new CacheLimits(10, 100_000, 1_000, 5), store);
        long most = 1_000 - CacheBook.OVERHEAD_BYTES;

        // When
        Keeping fits = book.keep(KEY, most, HOUR, NOW);
        Keeping tooLarge = book.keep(KEY, most + 1, HOUR, NOW);

        // Then
        assertThat(fits).isEqualTo(new Keeping.Kept(0));
        assertThat(tooLarge).isEqualTo(new Keeping.TooLarge());
        assertThat(book.find(KEY, NOW)).as("older than what its asker got").isEqualTo(new Found.Miss());
    }

    @Test
    void shouldReplaceTheAnswerOfAKey() {
        // Given
        CacheBook book = book(1, 10_000, 1);
        book.keep(KEY, 100, HOUR, NOW);

        // When
        Keeping keeping = book.keep(KEY, 300, HOUR, NOW.plusSeconds(5));

        // Then
        assertThat(keeping).isEqualTo(new Keeping.Kept(0));
        assertThat(store.totals("acme")).isEqualTo(new CacheTotals(1, 300 + CacheBook.OVERHEAD_BYTES));
    }

    @Test
    void shouldForgetWhatHasExpiredOneByOne() {
        // Given
        CacheBook book = book(100, 1_000_000, 3);
        IntStream.range(0, 5).forEach(i -> book.keep(key("t" + i, i), 100, HOUR, NOW.plusSeconds(i)));
        Instant later = NOW.plus(HOUR).plusSeconds(1);

        // When
        boolean first = book.forgetExpired(later);
        boolean second = book.forgetExpired(later);
        boolean third = book.forgetExpired(later);

        // Then
        assertThat(first).isTrue();
        assertThat(second).isTrue();
        assertThat(third).isFalse();
        assertThat(store.entries().keySet()).containsExactlyInAnyOrder(key("t2", 2), key("t3", 3), key("t4", 4));
    }

    @Test
    void shouldRefuseLimitsThatLimitNothing() {
        assertThatThrownBy(() -> new CacheLimits(0, 1, 1, 1)).hasMessage("maxEntries: 0 (expected: at least 1)");
        assertThatThrownBy(() -> new CacheLimits(1, 10, 11, 1)).hasMessage("maxEntryBytes: 11 (expected: 1..10)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#few")
    void shouldHoldItsLimitsAndItsAccountThroughAnything(long seed) {
        // Given
        Random random = new Random(seed);
        CacheLimits limits =
                new CacheLimits(1 + random.nextInt(20), 6_000 + random.nextInt(20_000), 6_000, 1 + random.nextInt(4));
        CacheBook book = new CacheBook(limits, store);
        Instant now = NOW;

        for (int step = 0; step < 600; step++) {
            now = now.plusMillis(random.nextInt(60_000));
            CacheKey key = key("tenant-" + random.nextInt(3), random.nextInt(30));
            int before = store.deletions;

            // When
            switch (random.nextInt(4)) {
                case 0 -> book.find(key, now);
                case 1 -> book.forgetExpired(now);
                default -> book.keep(key, random.nextInt(7_000), Duration.ofSeconds(1 + random.nextInt(600)), now);
            }

            // Then
            assertThat(store.deletions - before)
                    .as("one for the key itself")
                    .isLessThanOrEqualTo(limits.maxEvictions() + 1);
            for (int tenant = 0; tenant < 3; tenant++) {
                CacheTotals totals = store.totals("tenant-" + tenant);
                assertThat(totals).isEqualTo(store.recounted("tenant-" + tenant));
                assertThat(limits.hold(totals)).isTrue();
            }
        }
    }
}
