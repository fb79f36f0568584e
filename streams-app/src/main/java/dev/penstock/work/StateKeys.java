package dev.penstock.work;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * What keys of a store with several kinds of entry are made of. The first byte tells the kind; numbers are big-endian, so
 * that the store's order is theirs; a text that is followed by something else ends with a zero byte, which neither a topic's
 * name nor a tenant's contains.
 */
public final class StateKeys {

    private StateKeys() {}

    public static Bytes of(byte kind, byte[]... parts) {
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

    public static Bytes startOf(byte kind) {
        return Bytes.wrap(new byte[] {kind});
    }

    /** Behind all keys of the kind; no key itself. */
    public static Bytes endOf(byte kind) {
        return Bytes.wrap(new byte[] {(byte) (kind + 1)});
    }

    public static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** A text that something follows. */
    public static byte[] ended(String value) {
        byte[] bytes = text(value);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** The text from a place to the next zero byte. */
    public static String endedAt(Bytes key, int from) {
        byte[] bytes = key.get();
        int end = from;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** The text from a place to the end. */
    public static String textFrom(Bytes key, int from) {
        return new String(key.get(), from, key.get().length - from, StandardCharsets.UTF_8);
    }

    public static byte[] millis(Instant time) {
        return ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    }

    /** The time that stands at a place. */
    public static Instant timeAt(Bytes key, int from) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(key.get()).getLong(from));
    }

    /** A request among those of its tenant, in the order in which they came. */
    public static byte[] place(RequestId id) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(id.partition())
                .putLong(id.offset())
                .array();
    }
}
