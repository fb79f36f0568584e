package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class FollowerKeysTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldKeepTheFollowersOfOneLeaderApartFromThoseOfALongerName() {
        // Given
        Bytes own = FollowerKeys.follower("llm.requests-0-1", id(7));
        Bytes foreign = FollowerKeys.follower("llm.requests-0-10", id(7));

        // When / Then
        Bytes from = FollowerKeys.followersOf("llm.requests-0-1");
        Bytes to = FollowerKeys.endOfFollowersOf("llm.requests-0-1");
        assertThat(own).isBetween(from, to);
        assertThat(foreign.compareTo(to)).isPositive();
        assertThat(FollowerKeys.followersOf("llm.requests-0-10")).isLessThan(foreign);
    }

    @Test
    void shouldOrderFollowersByTheirPlaceAndNotByItsText() {
        assertThat(FollowerKeys.follower("l", id(9))).isLessThan(FollowerKeys.follower("l", id(10)));
        assertThat(FollowerKeys.follower("l", id(Long.MAX_VALUE)))
                .isBetween(FollowerKeys.followersOf("l"), FollowerKeys.endOfFollowersOf("l"));
    }

    @Test
    void shouldReadBackWhatAnIndexKeyWasMadeOf() {
        // Given
        Bytes deadline = FollowerKeys.deadline(TIME, "llm.requests-3-4", id(5));

        // When / Then
        assertThat(FollowerKeys.timeOf(deadline)).isEqualTo(TIME);
        assertThat(FollowerKeys.leaderOf(deadline)).isEqualTo("llm.requests-3-4");
        assertThat(FollowerKeys.followerOf(deadline)).isEqualTo(FollowerKeys.follower("llm.requests-3-4", id(5)));
    }

    private static RequestId id(long offset) {
        return new RequestId("llm.requests", 0, offset);
    }
}
