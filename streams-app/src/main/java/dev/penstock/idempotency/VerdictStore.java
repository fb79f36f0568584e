package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.StateCodec;
import dev.penstock.work.Verdict;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Verdicts by the request that they were given to, in the stage's one store. The body of an answer is kept once for all
 * requests of a tenant that were given it, however many they are: each refers to it, and it goes with the last of them. The
 * references are counted from the second one on, since most answers have but one.
 */
final class VerdictStore {

    /** Below this size, as stored, a body costs less than the rows that keep it apart. */
    static final int APART_FROM_BYTES = 512;

    private final KeyValueStore<Bytes, byte[]> store;
    /** The last one, encoded: the followers of a request are given it one after the other. */
    private final IdentityHashMap<JsonNode, byte[]> lastBody = new IdentityHashMap<>();

    VerdictStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Nullable
    Verdict get(String leader) {
        byte[] stored = store.get(Keyspace.verdict(leader));
        if (stored == null) {
            return null;
        }
        StoredVerdict entry = StateCodec.read(stored, StoredVerdict.class);
        return entry.body() == null || !(entry.verdict() instanceof Verdict.Answer answer)
                ? entry.verdict()
                : answer.withBody(body(entry.body()));
    }

    private JsonNode body(BodyKey key) {
        byte[] stored = store.get(Keyspace.body(key));
        if (stored == null) {
            throw new IllegalStateException(
                    "verdict: a reference of tenant " + key.tenant() + " to a body that is gone");
        }
        return StateCodec.read(stored, JsonNode.class);
    }

    /**
     * Stores the verdict of a request in the place of an earlier one.
     *
     * @param tenant whose request it is
     * @return whether it could be stored; it cannot when it is too large
     */
    boolean put(String tenant, String leader, Verdict verdict) {
        byte[] body = verdict instanceof Verdict.Answer answer ? encoded(answer.body()) : new byte[0];
        if (body.length < APART_FROM_BYTES || !(verdict instanceof Verdict.Answer answer)) {
            return put(leader, new StoredVerdict(verdict, null), body);
        }
        BodyKey key = BodyKey.of(tenant, body);
        return put(leader, new StoredVerdict(answer.withBody(NullNode.getInstance()), key), body);
    }

    private boolean put(String leader, StoredVerdict entry, byte[] body) {
        byte[] stored = StateCodec.write(entry);
        int apart = entry.body() == null ? 0 : body.length;
        if (stored.length + apart > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        if (entry.body() != null) {
            refer(entry.body(), body);
        }
        delete(leader);
        store.put(Keyspace.verdict(leader), stored);
        return true;
    }

    void delete(String leader) {
        byte[] stored = store.delete(Keyspace.verdict(leader));
        if (stored != null) {
            BodyKey body = StateCodec.read(stored, StoredVerdict.class).body();
            if (body != null) {
                dereference(body);
            }
        }
    }

    private void refer(BodyKey key, byte[] body) {
        Bytes row = Keyspace.body(key);
        if (store.get(row) == null) {
            store.put(row, body);
        } else {
            count(key, references(key) + 1);
        }
    }

    private void dereference(BodyKey key) {
        long left = references(key) - 1;
        if (left == 0) {
            store.delete(Keyspace.body(key));
        } else {
            count(key, left);
        }
    }

    private long references(BodyKey key) {
        byte[] stored = store.get(Keyspace.references(key));
        return stored == null ? 1 : ByteBuffer.wrap(stored).getLong();
    }

    private void count(BodyKey key, long references) {
        if (references == 1) {
            store.delete(Keyspace.references(key));
        } else {
            store.put(
                    Keyspace.references(key),
                    ByteBuffer.allocate(Long.BYTES).putLong(references).array());
        }
    }

    private byte[] encoded(JsonNode body) {
        byte[] known = lastBody.get(body);
        if (known == null) {
            known = StateCodec.write(body);
            lastBody.clear();
            lastBody.put(body, known);
        }
        return known;
    }
}
