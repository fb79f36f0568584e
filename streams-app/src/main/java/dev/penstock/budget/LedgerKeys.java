package dev.penstock.budget;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the budget store. The first byte tells the kind; times are big-endian, so that the store's order is theirs; a
 * tenant that is followed by something else ends with a zero byte, which no tenant's name contains.
 */
final class LedgerKeys {

    static final byte POLICY = 'P';
    static final byte LEDGER = 'L';
    static final byte MODELS = 'M';
    static final byte RESERVATION = 'R';
    static final byte CHARGE = 'C';
    static final byte EXPIRY = 'X';

    /** A tenant whose budgets have changed since they were published. */
    static final byte UNPUBLISHED = 'U';

    /** Who the ledger is: told in usage events that it has counted. */
    static final Bytes ID = Bytes.wrap(new byte[] {'I'});

    private LedgerKeys() {}

    /** The place of an entry in the index by expiry. */
    record Place(byte kind, Instant expiresAt, String tenant, String id) {}

    static Bytes policy(String tenant) {
        return of(POLICY, text(tenant));
    }

    static Bytes ledger(String tenant) {
        return of(LEDGER, text(tenant));
    }

    static Bytes models(String tenant) {
        return of(MODELS, text(tenant));
    }

    static Bytes unpublished(String tenant) {
        return of(UNPUBLISHED, text(tenant));
    }

    /** Of a key of a policy, a ledger or an unpublished tenant. */
    static String tenantOf(Bytes key) {
        return new String(key.get(), 1, key.get().length - 1, StandardCharsets.UTF_8);
    }

    /** Of a reservation's or a charge's key. */
    static String tenantOfEntry(Bytes key) {
        byte[] bytes = key.get();
        int end = 1;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 1, end - 1, StandardCharsets.UTF_8);
    }

    static Bytes reservation(String tenant, String id) {
        return of(RESERVATION, ended(tenant), text(id));
    }

    static Bytes charge(String tenant, String id) {
        return of(CHARGE, ended(tenant), text(id));
    }

    static Bytes expiry(byte kind, Instant expiresAt, String tenant, String id) {
        return of(EXPIRY, millis(expiresAt), new byte[] {kind}, ended(tenant), text(id));
    }

    static Place place(Bytes expiryKey) {
        byte[] key = expiryKey.get();
        int from = 2 + Long.BYTES;
        int end = from;
        while (key[end] != 0) {
            end++;
        }
        return new Place(
                key[1 + Long.BYTES],
                Instant.ofEpochMilli(ByteBuffer.wrap(key).getLong(1)),
                new String(key, from, end - from, StandardCharsets.UTF_8),
                new String(key, end + 1, key.length - end - 1, StandardCharsets.UTF_8));
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
