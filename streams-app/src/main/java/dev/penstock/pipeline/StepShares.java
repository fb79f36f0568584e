package dev.penstock.pipeline;

import dev.penstock.work.DueTimes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Divides a transaction's {@link StepBudget} among those of a thread that ask for shares of it. Kafka Streams calls tasks
 * and their timers in the same order each time, so without a division the first that has a backlog would take all until it
 * has none.
 *
 * <p>Who is refused waits in a line. In each later transaction an equal part is kept for everyone in it, out of which no
 * other is granted anything until it was used or its owner was refused again; what nobody is kept from is granted to
 * whoever asks. The first in the line who has had nothing yet is kept the whole of the share that it was refused, so that
 * large shares have their turn among small ones. A place in the line ends with a transaction in which all was granted that
 * was asked for, or, if its owner does not ask any more, after a while. Belongs to the stream thread; not safe for others.
 */
final class StepShares {

    /** Who was refused asks again after the floor of its due times, unless it has left or nothing is left to do for it. */
    private static final Duration KEPT = DueTimes.FLOOR.multipliedBy(10);

    /**
     * Who asks.
     *
     * @param work which of the task's, of those that are done independently of each other
     */
    record Claimant(TaskId task, String work) {}

    /** Somebody's place in the line. */
    private static final class Place {
        private long wants;
        private long refusedAt;
        private boolean refused;
        private boolean hadTurn;
        private int records;
        private long bytes;
        private long nanos;

        /** Until its turn it waits for the largest share that it was refused, whatever it asks for before that. */
        void refused(long size, long now) {
            wants = hadTurn ? size : Math.max(wants, size);
            refusedAt = now;
            refused = true;
        }

        /** To have asked for what carries nothing is no turn of one that waits for something larger. */
        void took(long size) {
            records++;
            bytes += size;
            hadTurn |= size > 0 || wants == 0;
        }

        void nextTurn() {
            refused = false;
            hadTurn = false;
            records = 0;
            bytes = 0;
            nanos = 0;
        }
    }

    /** What is kept for others. */
    private record Kept(int turns, long records, long bytes, long nanos) {}

    private final LongSupplier nanoClock;
    private final StepBudget budget;
    private final Map<Claimant, Place> line = new LinkedHashMap<>();
    private boolean begun;
    private long begunAt;
    private int records;
    private long bytes;
    private long nanos;
    private boolean beyondTime;
    private @Nullable Claimant working;
    private long workingSince;

    /**
     * @param nanoClock a clock that never goes back, in nanoseconds
     * @param budget what a transaction grants
     */
    StepShares(LongSupplier nanoClock, StepBudget budget) {
        this.nanoClock = nanoClock;
        this.budget = budget;
    }

    /**
     * The first share of a transaction is granted whatever its size, or a single large answer could never go out; but not
     * before the turn of somebody who waits.
     */
    boolean claim(Claimant who, long size) {
        long now = nanoClock.getAsLong();
        if (!begun) {
            begun = true;
            begunAt = now;
        }
        stopClock(now);
        @Nullable Place place = line.get(who);
        if (!mayTake(who, place, size)) {
            refuse(who, place, size, now);
            return false;
        }
        records++;
        bytes += size;
        if (place != null) {
            place.took(size);
        }
        working = who;
        workingSince = now;
        return true;
    }

    /** Whether somebody was refused since the transaction began. */
    boolean refused(Claimant who) {
        Place place = line.get(who);
        return place != null && place.refused;
    }

    /** The transaction has ended. */
    void ended() {
        if (begun) {
            line.values().removeIf(this::isOver);
            line.values().forEach(Place::nextTurn);
        }
        begun = false;
        records = 0;
        bytes = 0;
        nanos = 0;
        beyondTime = false;
        working = null;
    }

    /** Who was refused stays; who had all that it asked for leaves, and who did not ask though it had the time to. */
    private boolean isOver(Place place) {
        return !place.refused && (place.records > 0 || begunAt - place.refusedAt >= KEPT.toNanos());
    }

    /** Who was granted a share works until the next claim of anybody; who was refused has stopped. */
    private void stopClock(long now) {
        if (working != null) {
            long worked = now - workingSince;
            nanos += worked;
            Place place = line.get(working);
            if (place != null) {
                place.nanos += worked;
            }
            working = null;
        }
    }

    private boolean mayTake(Claimant who, @Nullable Place place, long size) {
        boolean isTurn = place != null && !place.hadTurn && (size > 0 || place.wants == 0 || hasPart(place));
        Kept kept = isTurn ? keptBefore(who) : keptFrom(who, place);
        if (records == 0 && kept.turns() == 0) {
            return true;
        }
        boolean hasRoom =
                records + 1 + kept.records() <= budget.records() && bytes + size + kept.bytes() <= budget.bytes();
        return hasRoom && (nanos + kept.nanos() < budget.time().toNanos() || (isTurn && goesBeyondTime(kept)));
    }

    /** Whether it has taken less than an equal part, before its turn for something large, of shares of no size. */
    private boolean hasPart(Place place) {
        return place.records < Math.max(1, budget.records() / line.size())
                && place.nanos < budget.time().toNanos() / line.size();
    }

    /** One that waits has a share, however long others worked. */
    private boolean goesBeyondTime(Kept kept) {
        if (beyondTime || kept.turns() > 0) {
            return false;
        }
        beyondTime = true;
        return true;
    }

    /** Somebody in the line, in its turn, leaves what they need to those before it that had none yet. */
    private Kept keptBefore(Claimant who) {
        Kept kept = new Kept(0, 0, 0, 0);
        for (Map.Entry<Claimant, Place> other : line.entrySet()) {
            if (other.getKey().equals(who)) {
                break;
            }
            if (!other.getValue().hadTurn) {
                kept = plus(kept, other.getValue(), line.size());
            }
        }
        return kept;
    }

    private Kept keptFrom(Claimant who, @Nullable Place place) {
        Kept kept = new Kept(0, 0, 0, 0);
        int parts = place == null ? line.size() + 1 : line.size();
        for (Map.Entry<Claimant, Place> other : line.entrySet()) {
            if (!other.getKey().equals(who)) {
                kept = plus(kept, other.getValue(), parts);
            }
        }
        return kept;
    }

    /** Nothing is kept for who was refused: it has stopped until a later transaction. */
    private Kept plus(Kept kept, Place place, int parts) {
        if (place.refused) {
            return kept;
        }
        long part = budget.bytes() / parts;
        // More than a transaction has keeps out all others, those with no bytes too: it must come first in it.
        long least = place.hadTurn ? 0 : place.wants;
        return new Kept(
                place.hadTurn ? kept.turns() : kept.turns() + 1,
                kept.records() + Math.max(0, Math.max(1, budget.records() / parts) - place.records),
                kept.bytes() + Math.max(least, part - place.bytes),
                kept.nanos() + Math.max(0, budget.time().toNanos() / parts - place.nanos));
    }

    /** Who has had its turn stands last from then on. */
    private void refuse(Claimant who, @Nullable Place place, long size, long now) {
        Place kept = place == null ? new Place() : place;
        if (kept.hadTurn) {
            line.remove(who);
        }
        line.put(who, kept);
        kept.refused(size, now);
    }
}
