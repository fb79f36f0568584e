package dev.penstock.batching;

import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The windows of a task that are open. Their members are stored; this is counted from them. */
final class OpenWindows {

    private static final Comparator<Open> BY_CLOSING = Comparator.<Open, Instant>comparing(
                    open -> open.account().closesAt())
            .thenComparingLong(Open::number);
    private static final Comparator<Open> BY_OPENING = Comparator.<Open, Instant>comparing(
                    open -> open.account().openedAt())
            .thenComparingLong(Open::number);

    /**
     * A window.
     *
     * @param number in the order in which they opened
     * @param group what its members have in common
     * @param call what its members will share
     * @param bytes of their requests
     */
    record Open(long number, String group, RequestId call, OpenWindow account, long bytes) {}

    /** Receives how much waits in all windows. */
    interface Load {
        void waiting(int items, long bytes);
    }

    private final Load load;
    private final Map<String, Open> byGroup = new HashMap<>();
    private final TreeSet<Open> byClosing = new TreeSet<>(BY_CLOSING);
    private final TreeSet<Open> byOpening = new TreeSet<>(BY_OPENING);
    private long opened;
    private int items;
    private long bytes;

    private OpenWindows(Load load) {
        this.load = load;
    }

    /**
     * Finds those that an earlier owner left.
     *
     * @param longest that a member waits for others; windows that opened under a longer one close by this one
     */
    static OpenWindows in(BatchStore store, Duration longest, Load load) {
        Map<String, List<Member>> waiting = new HashMap<>();
        store.forEachMember((call, member) ->
                waiting.computeIfAbsent(call, name -> new ArrayList<>()).add(member));
        OpenWindows windows = new OpenWindows(load);
        waiting.entrySet().stream()
                .map(entry -> new Found(idOf(entry.getKey()), entry.getValue()))
                .filter(found -> store.call(found.call()) == null)
                .sorted(Comparator.comparing(found -> found.first().openedAt()))
                .forEach(found ->
                        windows.put(found.first().group(), found.call(), found.account(longest), found.bytes()));
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

        OpenWindow account(Duration longest) {
            Instant closesAt = first().openedAt().plus(longest);
            for (Member member : members) {
                closesAt = member.closesAt().isBefore(closesAt) ? member.closesAt() : closesAt;
            }
            return new OpenWindow(
                    first().openedAt(),
                    closesAt,
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
        if (before != null) {
            byClosing.remove(before);
            byOpening.remove(before);
        }
        Open now = before == null
                ? new Open(opened++, group, call, account, more)
                : new Open(before.number(), group, call, account, before.bytes() + more);
        byGroup.put(group, now);
        byClosing.add(now);
        byOpening.add(now);
        changed(
                before == null
                        ? account.items()
                        : account.items() - before.account().items(),
                more);
    }

    void remove(String group) {
        Open removed = byGroup.remove(group);
        if (removed != null) {
            byClosing.remove(removed);
            byOpening.remove(removed);
            changed(-removed.account().items(), -removed.bytes());
        }
    }

    private void changed(int moreItems, long moreBytes) {
        items += moreItems;
        bytes += moreBytes;
        load.waiting(items, bytes);
    }

    /** The next one that leaves now; null if none does. */
    @Nullable
    Open due(Instant now) {
        if (byGroup.isEmpty()) {
            return null;
        }
        Open first = byClosing.first();
        // Of the future, if any is: the clock has been set back.
        Open latest = byOpening.last();
        if (first.account().isDue(now)) {
            return first;
        }
        return latest.account().isDue(now) ? latest : null;
    }

    /** When the next of them leaves, which may have passed; null when none is open. */
    @Nullable
    Instant nextClose(Instant now) {
        if (byGroup.isEmpty()) {
            return null;
        }
        return due(now) == null ? byClosing.first().account().closesAt() : now;
    }
}
