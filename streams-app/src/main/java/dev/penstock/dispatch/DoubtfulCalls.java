package dev.penstock.dispatch;

import dev.penstock.work.IntakeGate;
import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that were handed over, by the time from which they are in doubt unless their outcome came. The outcome may have been
 * written just before and be unread; so a call that falls due is given out only when everything has been read that stood on
 * the topics at that time or later. A call that this instance still works on is not among them: whether it does is asked
 * before the ends of the topics are, or its outcome could be written between the two, behind the ends.
 */
final class DoubtfulCalls {

    /**
     * @param id the call
     * @param number which dispatch of it
     * @param from in doubt from this time on
     */
    record Doubtful(RequestId id, int number, Instant from) {
        static final Comparator<Doubtful> BY_TIME = Comparator.comparing(Doubtful::from)
                .thenComparing(call -> call.id().topic())
                .thenComparingInt(call -> call.id().partition())
                .thenComparingLong(call -> call.id().offset());
    }

    /** {@link CallRunner#runs}. */
    interface Running {
        boolean runs(RequestId id, int number);
    }

    private record InDoubt(int calls, @Nullable Instant since) {
        static final InDoubt NONE = new InDoubt(0, null);
    }

    /** A call that this run still works on when its lease is over is looked at again after that time. */
    private static final Duration LOOKS_AGAIN = Duration.ofSeconds(5);

    /** Those that were due when it was last looked, and the others: all that are due are counted at each record. */
    private final NavigableSet<Doubtful> due;

    private final NavigableSet<Doubtful> notDue;
    private final Map<RequestId, Doubtful> byId = new HashMap<>();
    private final IntakeGate gate;
    private final Running running;
    private final int partition;
    private final Instant start;
    /** What stood on the topics at that time has been read. */
    private Instant readTo;
    /** When the last reading was asked for that is not done yet; null when none is. */
    private @Nullable Instant asked;

    private InDoubt told = InDoubt.NONE;

    /** @param start when the task started: before anything of it is given out, all is read that stood there then */
    DoubtfulCalls(IntakeGate gate, Running running, int partition, Instant start) {
        this(gate, running, partition, start, () -> new TreeSet<>(Doubtful.BY_TIME));
    }

    /** @param orders makes sets that are empty, in the order of {@link Doubtful#BY_TIME} */
    DoubtfulCalls(
            IntakeGate gate, Running running, int partition, Instant start, Supplier<NavigableSet<Doubtful>> orders) {
        this.due = orders.get();
        this.notDue = orders.get();
        this.gate = gate;
        this.running = running;
        this.partition = partition;
        this.start = start;
        this.readTo = start;
    }

    /** A call that was found in the store when the task started, before the ends of the topics are asked for. */
    void found(RequestId id, int number, Instant from) {
        boolean dueAtStart = !from.isAfter(start);
        add(id, number, dueAtStart && running.runs(id, number) ? start.plus(LOOKS_AGAIN) : from);
    }

    /** In place of an earlier dispatch of the same call. */
    void add(RequestId id, int number, Instant from) {
        remove(id);
        Doubtful call = new Doubtful(id, number, from);
        byId.put(id, call);
        notDue.add(call);
    }

    /** The call is in nobody's hands any more. */
    void remove(RequestId id) {
        Doubtful call = byId.remove(id);
        if (call != null && !due.remove(call)) {
            notDue.remove(call);
        }
    }

    /** The earliest time from which one is in doubt; null when there is none. */
    @Nullable
    Instant next() {
        Doubtful first = first();
        return first == null ? null : first.from();
    }

    private @Nullable Doubtful first() {
        @Nullable Doubtful one = due.isEmpty() ? null : due.first();
        @Nullable Doubtful other = notDue.isEmpty() ? null : notDue.first();
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Doubtful.BY_TIME.compare(one, other) < 0 ? one : other;
    }

    /** Tells how many are in doubt, where it is not what was told before. */
    void tell(WaitingListener listener, Instant now) {
        countTo(now);
        Instant since = next();
        InDoubt inDoubt = due.isEmpty() || since == null
                ? InDoubt.NONE
                : new InDoubt(due.size(), since.isBefore(start) ? start : since);
        if (!inDoubt.equals(told)) {
            told = inDoubt;
            listener.inDoubt(partition, inDoubt.calls(), inDoubt.since());
        }
    }

    private void countTo(Instant now) {
        while (!notDue.isEmpty() && !notDue.first().from().isAfter(now)) {
            due.add(notDue.removeFirst());
        }
        // A clock that was set back.
        while (!due.isEmpty() && due.last().from().isAfter(now)) {
            notDue.add(due.removeLast());
        }
    }

    /**
     * A call that is due, that this run does not work on, and whose outcome does not stand on the topic; null when there is
     * none (yet).
     */
    @Nullable
    Doubtful pollDue(Instant now) {
        if (asked != null && gate.caughtUpAgain(partition)) {
            readTo = asked;
            asked = null;
        }
        Doubtful earliest = earliestDue(now);
        if (earliest == null) {
            return null;
        }
        if (!earliest.from().isAfter(readTo)) {
            remove(earliest.id());
            return earliest;
        }
        if (asked == null) {
            countTo(now);
            due.stream().filter(this::runs).toList().forEach(call -> lookAgain(call, now));
            asked = now;
            gate.catchUpAgain(partition);
        }
        return null;
    }

    private @Nullable Doubtful earliestDue(Instant now) {
        while (true) {
            Doubtful earliest = first();
            if (earliest == null || earliest.from().isAfter(now)) {
                return null;
            }
            if (!runs(earliest)) {
                return earliest;
            }
            lookAgain(earliest, now);
        }
    }

    private boolean runs(Doubtful call) {
        return running.runs(call.id(), call.number());
    }

    private void lookAgain(Doubtful call, Instant now) {
        add(call.id(), call.number(), now.plus(LOOKS_AGAIN));
    }
}
