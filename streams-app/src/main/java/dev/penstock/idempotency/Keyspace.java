package dev.penstock.idempotency;

import dev.penstock.work.RequestId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the idempotency store. The first byte tells the kind; numbers are big-endian, so that the store's order is
 * theirs; a text that is followed by something else ends with a zero byte, which no topic name contains.
 */
final class Keyspace {

    static final byte KEY = 'K';
    static final byte VERDICT = 'V';
    static final byte FOLLOWER = 'F';
    static final byte FAN_OUT = 'Q';
    static final byte EXPIRY = 'E';
    static final byte DEADLINE = 'D';

    private Keyspace() {}

    static Bytes key(String hash) {
        return of(KEY, text(hash));
    }

    static Bytes verdict(String leader) {
        return of(VERDICT, text(leader));
    }

    static Bytes fanOut(String leader) {
        return of(FAN_OUT, text(leader));
    }

    static String leaderOfFanOut(Bytes key) {
        return new String(key.get(), 1, key.get().length - 1, StandardCharsets.UTF_8);
    }

    static Bytes follower(String leader, RequestId id) {
        return of(FOLLOWER, ended(leader), place(id));
    }

    static Bytes followersOf(String leader) {
        return of(FOLLOWER, ended(leader));
    }

    static Bytes endOfFollowersOf(String leader) {
        return of(FOLLOWER, text(leader), new byte[] {1});
    }

    static Bytes expiry(Instant time, String hash) {
        return of(EXPIRY, millis(time), text(hash));
    }

    static Instant timeOf(Bytes indexKey) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(indexKey.get()).getLong(1));
    }

    static String hashOfExpiry(Bytes indexKey) {
        int from = 1 + Long.BYTES;
        return new String(indexKey.get(), from, indexKey.get().length - from, StandardCharsets.UTF_8);
    }

    static Bytes deadline(Instant time, String leader, RequestId id) {
        return of(DEADLINE, millis(time), ended(leader), place(id));
    }

    static Bytes followerOfDeadline(Bytes indexKey) {
        byte[] rest = Arrays.copyOfRange(indexKey.get(), 1 + Long.BYTES, indexKey.get().length);
        return of(FOLLOWER, rest);
    }

    static String leaderOfDeadline(Bytes indexKey) {
        byte[] key = indexKey.get();
        int from = 1 + Long.BYTES;
        int end = from;
        while (key[end] != 0) {
            end++;
        }
        return new String(key, from, end - from, StandardCharsets.UTF_8);
    }

    static Bytes startOf(byte kind) {
        return Bytes.wrap(new byte[] {kind});
    }

    static Bytes endOf(byte kind) {
        return Bytes.wrap(new byte[] {(byte) (kind + 1)});
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ended(String value) {
        byte[] bytes = text(value);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static byte[] millis(Instant time) {
        return ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    }

    private static byte[] place(RequestId id) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(id.partition())
                .putLong(id.offset())
                .array();
    }

    private static Bytes of(byte kind, byte[]... parts) {
        int length = 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer key = ByteBuffer.allocate(length).put(kind);
        for (byte[] part : parts) {
            key.put(part);
        }
        return Bytes.wrap(key.array());
    }
}
