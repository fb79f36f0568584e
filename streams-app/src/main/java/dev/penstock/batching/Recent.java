package dev.penstock.batching;

import dev.penstock.work.RequestId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was stored lately, call by call, in memory: most of it need not be read again. Beyond its bound the eldest calls are
 * forgotten here, and are read. Used by one stream thread.
 */
final class Recent<T> {

    private static final class Known<T> {
        private final List<T> items = new ArrayList<>();
        private long bytes;
    }

    private final long mostBytes;
    private final Map<RequestId, Known<T>> calls = new LinkedHashMap<>();
    private long bytes;

    Recent(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** @param size in bytes, as it counts for the bound */
    void add(RequestId call, T item, long size) {
        Known<T> known = calls.computeIfAbsent(call, id -> new Known<>());
        known.items.add(item);
        known.bytes += size;
        bytes += size;
        Iterator<Known<T>> eldest = calls.values().iterator();
        while (bytes > mostBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }

    /**
     * Takes out what belongs to a call.
     *
     * @param expected how much that is
     * @return all of it, in the order in which it came; empty if any is not known here
     */
    List<T> take(RequestId call, int expected) {
        Known<T> known = calls.remove(call);
        if (known == null) {
            return List.of();
        }
        bytes -= known.bytes;
        return known.items.size() == expected ? known.items : List.of();
    }
}
