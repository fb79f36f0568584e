package dev.penstock.work;

import dev.penstock.schemas.Priority;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** The keys of followers, and of their index by deadline. The followers of a group lie together, the most urgent first. */
public final class FollowerKeys {

    public static final byte FOLLOWER = 'F';
    public static final byte DEADLINE = 'D';

    private FollowerKeys() {}

    public static Bytes follower(String group, Priority priority, RequestId id) {
        return StateKeys.of(FOLLOWER, StateKeys.ended(group), rank(priority), StateKeys.place(id));
    }

    static Bytes followersOf(String group) {
        return StateKeys.of(FOLLOWER, StateKeys.ended(group));
    }

    static Bytes endOfFollowersOf(String group) {
        return StateKeys.of(FOLLOWER, StateKeys.text(group), new byte[] {1});
    }

    public static Bytes deadline(Instant time, String group, Priority priority, RequestId id) {
        return StateKeys.of(
                DEADLINE, StateKeys.millis(time), StateKeys.ended(group), rank(priority), StateKeys.place(id));
    }

    private static byte[] rank(Priority priority) {
        return switch (priority) {
            case INTERACTIVE -> new byte[] {0};
            case NORMAL -> new byte[] {1};
            case BULK -> new byte[] {2};
        };
    }

    /** The follower that a row of the index stands for. */
    public static Bytes followerOf(Bytes indexKey) {
        byte[] key = indexKey.get();
        return StateKeys.of(FOLLOWER, Arrays.copyOfRange(key, 1 + Long.BYTES, key.length));
    }

    /** The group that this follower belongs to. */
    public static String groupOf(Bytes indexKey) {
        return StateKeys.endedAt(indexKey, 1 + Long.BYTES);
    }
}
