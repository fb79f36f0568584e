package dev.penstock.idempotency;

import dev.penstock.work.FollowerKeys;
import dev.penstock.work.StateKeys;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;

/** The keys of the idempotency store, beside those of its {@link FollowerKeys followers}. */
final class Keyspace {

    static final byte KEY = 'K';
    static final byte VERDICT = 'V';
    static final byte BODY = 'B';
    static final byte REFERENCES = 'N';
    static final byte FAN_OUT = 'Q';
    static final byte RELEASE = 'R';
    static final byte EXPIRY = 'E';

    private Keyspace() {}

    static Bytes key(String hash) {
        return StateKeys.of(KEY, StateKeys.text(hash));
    }

    static Bytes verdict(String leader) {
        return StateKeys.of(VERDICT, StateKeys.text(leader));
    }

    static Bytes body(BodyKey key) {
        return StateKeys.of(BODY, StateKeys.ended(key.tenant()), StateKeys.text(key.hash()));
    }

    /** How many verdicts refer to a body. */
    static Bytes references(BodyKey key) {
        return StateKeys.of(REFERENCES, StateKeys.ended(key.tenant()), StateKeys.text(key.hash()));
    }

    static Bytes expiry(Instant time, String hash) {
        return StateKeys.of(EXPIRY, StateKeys.millis(time), StateKeys.text(hash));
    }

    static String hashOfExpiry(Bytes indexKey) {
        return StateKeys.textFrom(indexKey, 1 + Long.BYTES);
    }
}
