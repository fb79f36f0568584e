package dev.penstock.work;

import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** The keys of followers, and of their index by deadline. */
public final class FollowerKeys {

    public static final byte FOLLOWER = 'F';
    public static final byte DEADLINE = 'D';

    private FollowerKeys() {}

    public static Bytes follower(String leader, RequestId id) {
        return StateKeys.of(FOLLOWER, StateKeys.ended(leader), StateKeys.place(id));
    }

    static Bytes followersOf(String leader) {
        return StateKeys.of(FOLLOWER, StateKeys.ended(leader));
    }

    static Bytes endOfFollowersOf(String leader) {
        return StateKeys.of(FOLLOWER, StateKeys.text(leader), new byte[] {1});
    }

    public static Bytes deadline(Instant time, String leader, RequestId id) {
        return StateKeys.of(DEADLINE, StateKeys.millis(time), StateKeys.ended(leader), StateKeys.place(id));
    }

    /** The deadline that a row of the index stands for. */
    public static Instant timeOf(Bytes indexKey) {
        return StateKeys.timeAt(indexKey, 1);
    }

    /** The follower that a row of the index stands for. */
    public static Bytes followerOf(Bytes indexKey) {
        byte[] key = indexKey.get();
        return StateKeys.of(FOLLOWER, Arrays.copyOfRange(key, 1 + Long.BYTES, key.length));
    }

    /** Whom that follower follows. */
    public static String leaderOf(Bytes indexKey) {
        return StateKeys.endedAt(indexKey, 1 + Long.BYTES);
    }
}
