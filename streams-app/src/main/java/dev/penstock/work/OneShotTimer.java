package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a processor once, at the earliest time that it asked for. Nothing is scheduled while nothing waits: every
 * punctuation makes Streams commit, so a ticking timer would keep an idle application writing transactions.
 */
public final class OneShotTimer implements AutoCloseable {

    /** The least delay. Work that is due now is done when records arrive; the timer is for when none do. */
    public static final Duration FLOOR = Duration.ofMillis(100);

    private final ProcessorContext<?, ?> context;
    private final Consumer<Instant> action;
    private @Nullable Cancellable scheduled;
    private Instant due = Instant.MAX;

    /**
     * @param context where to schedule
     * @param action what to do, given the wall-clock time
     */
    public OneShotTimer(ProcessorContext<?, ?> context, Consumer<Instant> action) {
        this.context = context;
        this.action = action;
    }

    /** Asks to be woken at the time given, unless an earlier wake-up is already set. */
    public void wakeAt(Instant time) {
        if (scheduled != null && !due.isAfter(time)) {
            return;
        }
        close();
        Duration delay = Duration.between(Instant.ofEpochMilli(context.currentSystemTimeMs()), time);
        due = time;
        scheduled = context.schedule(
                delay.compareTo(FLOOR) < 0 ? FLOOR : delay, PunctuationType.WALL_CLOCK_TIME, this::fire);
    }

    /** Whether a wake-up is set. */
    public boolean isSet() {
        return scheduled != null;
    }

    private void fire(long nowMillis) {
        close();
        action.accept(Instant.ofEpochMilli(nowMillis));
    }

    /** Cancels what is set. */
    @Override
    public void close() {
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
            due = Instant.MAX;
        }
    }
}
