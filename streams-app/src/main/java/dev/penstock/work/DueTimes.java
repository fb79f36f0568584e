package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * When a stage of a task next has work without a record that brings it. Each kind of work says how its next time follows
 * from the stage's state; the wake-up is derived from all of them. A stage calls {@link #refresh} wherever its state may
 * have changed, which is at the end of {@code init}, of each record and of each call from another stage, and can therefore
 * not forget the timer of one kind on one path.
 *
 * <p>Nothing is scheduled while nothing is due: once a task has read a record, each punctuation makes Streams commit, so a
 * ticking timer would keep an idle application writing transactions.
 */
public final class DueTimes implements AutoCloseable {

    /** The least delay. Work that is due now is done when records arrive; the wake-up is for when none do. */
    public static final Duration FLOOR = Duration.ofMillis(100);

    private record Kind(String name, Supplier<@Nullable Instant> next, Consumer<Instant> work) {}

    private final ProcessorContext<?, ?> context;
    private final List<Kind> kinds = new ArrayList<>();
    private @Nullable Cancellable scheduled;
    private Instant wakeUp = Instant.MAX;

    /** @param context of the processor that does the work; what it forwards leaves by this processor */
    public DueTimes(ProcessorContext<?, ?> context) {
        this.context = context;
    }

    /**
     * Adds a kind of work. Kinds that are due together run in the order in which they were added.
     *
     * @param name of the kind, for {@link #next()}
     * @param next derives from state when there is work of this kind; null when there is none. Asked at each refresh, so
     *     it must not scan
     * @param work does what is due at the time given, or as much of it as its transaction may carry: what it leaves is
     *     still due and continues after the commit
     * @return this
     */
    public DueTimes add(String name, Supplier<@Nullable Instant> next, Consumer<Instant> work) {
        kinds.add(new Kind(name, next, work));
        return this;
    }

    /** Derives the next wake-up from the state as it is now. An earlier wake-up that is set stays, and derives anew. */
    public void refresh() {
        Instant earliest = Instant.MAX;
        for (Kind kind : kinds) {
            Instant due = kind.next().get();
            if (due != null && due.isBefore(earliest)) {
                earliest = due;
            }
        }
        if (!earliest.isBefore(wakeUp)) {
            return;
        }
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Instant soonest = now.plus(FLOOR);
        Instant time = earliest.isBefore(soonest) ? soonest : wholeMillisecond(earliest);
        if (time.isBefore(wakeUp)) {
            close();
            wakeUp = time;
            scheduled = context.schedule(Duration.between(now, time), PunctuationType.WALL_CLOCK_TIME, this::fire);
        }
    }

    /** The first millisecond that is not before a time. A task's clock tells no more, so nothing of that time is due earlier. */
    static Instant wholeMillisecond(Instant time) {
        Instant before = time.truncatedTo(ChronoUnit.MILLIS);
        return before.equals(time) ? time : before.plusMillis(1);
    }

    private void fire(long nowMillis) {
        close();
        Instant now = Instant.ofEpochMilli(nowMillis);
        for (Kind kind : kinds) {
            Instant due = kind.next().get();
            if (due != null && !due.isAfter(now)) {
                kind.work().accept(now);
            }
        }
        refresh();
    }

    /** When each kind that has work is due, by the kind's name. */
    public Map<String, Instant> next() {
        Map<String, Instant> next = new LinkedHashMap<>();
        for (Kind kind : kinds) {
            Instant due = kind.next().get();
            if (due != null) {
                next.put(kind.name(), due);
            }
        }
        return next;
    }

    /** When the stage will be woken; null when nothing is due at any time. */
    public @Nullable Instant wakeUp() {
        return scheduled == null ? null : wakeUp;
    }

    /** Cancels the wake-up. */
    @Override
    public void close() {
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
            wakeUp = Instant.MAX;
        }
    }
}
