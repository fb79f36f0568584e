package dev.penstock.batching;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The windows of a task that are open, in the order in which they opened. Their members are stored; this is counted from them. */
final class OpenWindows {

    /**
     * A window.
     *
     * @param group what its members have in common
     * @param call what its members will share
     * @param bytes of their requests
     */
    record Open(String group, RequestId call, OpenWindow account, long bytes) {}

    /** Is told how much waits in all windows. */
    interface Load {
        void waiting(int items, long bytes);
    }

    private final Load load;
    private final Map<String, Open> byGroup = new LinkedHashMap<>();
    private int items;
    private long bytes;

    private OpenWindows(Load load) {
        this.load = load;
    }

    /** Finds those that an earlier owner left. */
    static OpenWindows in(BatchStore store, Load load) {
        Map<String, List<Member>> waiting = new HashMap<>();
        store.forEachMember((call, member) ->
                waiting.computeIfAbsent(call, name -> new ArrayList<>()).add(member));
        OpenWindows windows = new OpenWindows(load);
        waiting.entrySet().stream()
                .map(entry -> new Found(idOf(entry.getKey()), entry.getValue()))
                .filter(found -> store.call(found.call()) == null)
                .sorted(Comparator.comparing(found -> found.first().openedAt()))
                .forEach(found -> windows.put(found.first().group(), found.call(), found.account(), found.bytes()));
        return windows;
    }

    private static RequestId idOf(String call) {
        RequestId id = RequestId.parse(call);
        if (id == null) {
            throw new IllegalStateException("call of a stored member: no id (expected: that of a shared call)");
        }
        return id;
    }

    private record Found(RequestId call, List<Member> members) {

        Member first() {
            return members.getFirst();
        }

        long bytes() {
            return members.stream()
                    .mapToLong(member -> member.original().length)
                    .sum();
        }

        OpenWindow account() {
            return new OpenWindow(
                    first().openedAt(),
                    first().closesAt(),
                    members.size(),
                    members.stream().mapToLong(Member::tokens).sum());
        }
    }

    @Nullable
    Open of(String group) {
        return byGroup.get(group);
    }

    /** @param more bytes of the members that it has now and had not before */
    void put(String group, RequestId call, OpenWindow account, long more) {
        Open before = byGroup.get(group);
        byGroup.put(group, new Open(group, call, account, before == null ? more : before.bytes() + more));
        changed(
                before == null
                        ? account.items()
                        : account.items() - before.account().items(),
                more);
    }

    void remove(String group) {
        Open removed = byGroup.remove(group);
        if (removed != null) {
            changed(-removed.account().items(), -removed.bytes());
        }
    }

    private void changed(int moreItems, long moreBytes) {
        items += moreItems;
        bytes += moreBytes;
        load.waiting(items, bytes);
    }

    /** The one that opened first, if it leaves now; null if it does not. */
    @Nullable
    Open due(Instant now) {
        for (Open oldest : byGroup.values()) {
            return oldest.account().isDue(now) ? oldest : null;
        }
        return null;
    }

    /** When the first of them leaves; null when none is open. */
    @Nullable
    Instant nextClose() {
        for (Open oldest : byGroup.values()) {
            return oldest.account().closesAt();
        }
        return null;
    }
}
