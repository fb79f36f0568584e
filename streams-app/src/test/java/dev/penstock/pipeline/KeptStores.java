package dev.penstock.pipeline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/** Stores that outlive the driver that uses them, and go back to their last commit when a transaction is rolled back. */
final class KeptStores {

    private final Map<String, TreeMap<Bytes, byte[]>> stores = new HashMap<>();
    private final TransactionWork work;
    private final Map<String, Integer> accesses = new HashMap<>();
    private final Map<String, TreeMap<Bytes, byte[]>> committed = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private Runnable onAccess = () -> {};

    KeptStores() {
        this(new TransactionWork(() -> {}));
    }

    /** @param work what is written to the stores counts there */
    KeptStores(TransactionWork work) {
        this.work = work;
    }

    KeyValueBytesStoreSupplier supplier(String name) {
        TreeMap<Bytes, byte[]> entries = stores.computeIfAbsent(name, any -> new TreeMap<>());
        return new KeyValueBytesStoreSupplier() {

            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new KeptStore(name, entries, () -> accessed(name), value -> {
                    changed.add(name);
                    work.wrote(value);
                });
            }

            @Override
            public String metricsScope() {
                return "kept";
            }
        };
    }

    private void accessed(String name) {
        accesses.merge(name, 1, Integer::sum);
        onAccess.run();
    }

    /** What happens, from now on, before each time that a row is read or written. */
    void onAccess(Runnable action) {
        onAccess = action;
    }

    void commit() {
        changed.forEach(name -> committed.put(name, new TreeMap<>(stores.getOrDefault(name, new TreeMap<>()))));
        changed.clear();
    }

    void rollBack() {
        stores.forEach((name, entries) -> {
            entries.clear();
            entries.putAll(committed.getOrDefault(name, new TreeMap<>()));
        });
        changed.clear();
    }

    /** How often a store was read or written since it was last asked. */
    int takeAccesses(String name) {
        Integer taken = accesses.remove(name);
        return taken == null ? 0 : taken;
    }

    /** What a store holds, by key. */
    Map<Bytes, byte[]> entries(String name) {
        return new TreeMap<>(stores.getOrDefault(name, new TreeMap<>()));
    }

    /** Puts what another run committed into a store. A pipeline finds it when it is started again. */
    void load(String name, Map<Bytes, byte[]> entries) {
        stores.computeIfAbsent(name, any -> new TreeMap<>()).putAll(entries);
        changed.add(name);
        commit();
    }

    /** How many entries a store holds. */
    int size(String name) {
        return stores.getOrDefault(name, new TreeMap<>()).size();
    }

    /** The size of the largest value of a store, in bytes. */
    int largest(String name) {
        return stores.getOrDefault(name, new TreeMap<>()).values().stream()
                .mapToInt(value -> value.length)
                .max()
                .orElse(0);
    }
}
