package dev.penstock.budget;

import dev.penstock.schemas.BudgetStatus;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Which budgets are shown where not all can be: those that are used up most, in tenths of their limits, so that two that
 * are about as full do not displace each other at every call. The next ones are kept in reserve, for places that become free
 * when a period ends or a task leaves. Not for many threads.
 */
final class FullestBudgets {

    /** So many times as many budgets as are shown are kept in reserve. */
    private static final int RESERVE = 4;

    private static final int TENTHS = 10;

    private static final Comparator<Entry> BY_FULLNESS =
            Comparator.<Entry>comparingInt(Entry::tenths).thenComparing(Entry::key);

    /** Shows budgets. */
    interface Display {

        /** A budget is shown from now on, or stands elsewhere than before. */
        void show(BudgetStatus status);

        void hide(String key);
    }

    private record Entry(TaskId task, int tenths, BudgetStatus status) {

        static Entry of(TaskId task, BudgetStatus status) {
            return new Entry(task, refuses(status) ? TENTHS : tenths(status), status);
        }

        private static boolean refuses(BudgetStatus status) {
            return BudgetMetrics.refuses(status.state());
        }

        private static int tenths(BudgetStatus status) {
            return (int) Math.clamp(BudgetMetrics.usedRatio(status) * TENTHS, 0, TENTHS);
        }

        String key() {
            return status.key();
        }
    }

    private final int most;
    private final Display display;
    private final Map<String, Entry> known = new HashMap<>();
    private final TreeSet<Entry> shown = new TreeSet<>(BY_FULLNESS);
    private final TreeSet<Entry> reserve = new TreeSet<>(BY_FULLNESS);

    /** @param most budgets that are shown */
    FullestBudgets(int most, Display display) {
        this.most = most;
        this.display = display;
    }

    /** Where a budget stands now. Which ones are shown changes with the next {@link #fill}. */
    void put(TaskId task, BudgetStatus status) {
        Entry before = known.get(status.key());
        if (most == 0 || (before != null && !before.task().equals(task))) {
            return;
        }
        Entry now = Entry.of(task, status);
        known.put(status.key(), now);
        if (before != null && shown.remove(before)) {
            shown.add(now);
            display.show(status);
        } else {
            if (before != null) {
                reserve.remove(before);
            }
            reserve.add(now);
        }
        keep((RESERVE + 1) * most);
    }

    /** The task shows that budget no more. */
    void remove(TaskId task, String key) {
        Entry entry = known.get(key);
        if (entry != null && entry.task().equals(task)) {
            remove(entry);
            fill();
        }
    }

    /** The task shows none any more. */
    void removeAll(TaskId task) {
        List<Entry> left = known.values().stream()
                .filter(entry -> entry.task().equals(task))
                .toList();
        left.forEach(this::remove);
        fill();
    }

    private void remove(Entry entry) {
        known.remove(entry.key());
        reserve.remove(entry);
        if (shown.remove(entry)) {
            display.hide(entry.key());
        }
    }

    /** Shows the fullest of the reserve where a place is free, or in place of one that is less full. */
    void fill() {
        while (!reserve.isEmpty() && (shown.size() < most || isFuller(reserve.last(), shown.first()))) {
            if (shown.size() == most) {
                Entry least = shown.removeFirst();
                display.hide(least.key());
                reserve.add(least);
            }
            Entry fullest = reserve.removeLast();
            shown.add(fullest);
            display.show(fullest.status());
        }
        keep(RESERVE * most);
    }

    private void keep(int inReserve) {
        while (reserve.size() > inReserve) {
            known.remove(reserve.removeFirst().key());
        }
    }

    private static boolean isFuller(Entry one, Entry other) {
        return one.tenths() > other.tenths();
    }
}
