package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Priority;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class FollowerKeysTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldKeepTheFollowersOfOneLeaderApartFromThoseOfALongerName() {
        // Given
        Bytes own = FollowerKeys.follower("llm.requests-0-1", Priority.NORMAL, id(7));
        Bytes foreign = FollowerKeys.follower("llm.requests-0-10", Priority.NORMAL, id(7));

        // When / Then
        Bytes from = FollowerKeys.followersOf("llm.requests-0-1");
        Bytes to = FollowerKeys.endOfFollowersOf("llm.requests-0-1");
        assertThat(own).isBetween(from, to);
        assertThat(foreign.compareTo(to)).isPositive();
        assertThat(FollowerKeys.followersOf("llm.requests-0-10")).isLessThan(foreign);
    }

    @Test
    void shouldOrderFollowersByTheirPlaceAndNotByItsText() {
        assertThat(FollowerKeys.follower("l", Priority.NORMAL, id(9)))
                .isLessThan(FollowerKeys.follower("l", Priority.NORMAL, id(10)));
        assertThat(FollowerKeys.follower("l", Priority.NORMAL, id(Long.MAX_VALUE)))
                .isBetween(FollowerKeys.followersOf("l"), FollowerKeys.endOfFollowersOf("l"));
    }

    @Test
    void shouldOrderTheMoreUrgentFirst() {
        assertThat(FollowerKeys.follower("l", Priority.INTERACTIVE, id(9)))
                .isLessThan(FollowerKeys.follower("l", Priority.NORMAL, id(1)));
        assertThat(FollowerKeys.follower("l", Priority.NORMAL, id(9)))
                .isLessThan(FollowerKeys.follower("l", Priority.BULK, id(1)));
    }

    @Test
    void shouldReadBackWhatAnIndexKeyWasMadeOf() {
        // Given
        Bytes deadline = FollowerKeys.deadline(TIME, "llm.requests-3-4", Priority.BULK, id(5));

        // When / Then
        assertThat(TimeIndex.timeOf(deadline)).isEqualTo(TIME);
        assertThat(FollowerKeys.groupOf(deadline)).isEqualTo("llm.requests-3-4");
        assertThat(FollowerKeys.followerOf(deadline))
                .isEqualTo(FollowerKeys.follower("llm.requests-3-4", Priority.BULK, id(5)));
    }

    private static RequestId id(long offset) {
        return new RequestId("llm.requests", 0, offset);
    }
}
