package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Ends the followers whose own deadline passes, and continues with those whose leader ended without a verdict for them. A
 * leader ends further down the topology, from where nothing can be sent back up, so releases are noted in the store and
 * found here: soon while something happens, and less and less often, while there are followers at all. A bounded share is
 * done in each transaction; the rest is durable and continues after the commit, or on the next owner of the task.
 *
 * @param <E> what ends a follower
 */
public final class WaitingFollowers<E extends FollowingRequest> {

    /** The longest that a release goes unnoticed. */
    static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    /** Where a follower goes. */
    public interface Ways<E> {

        /** Its deadline has passed; it follows no longer. */
        void overdue(E follower, Instant now);

        /**
         * The leader of a group ended without a verdict for it.
         *
         * @return whether nothing is left to be done for the group; if not, a claim was refused
         */
        boolean release(String group, Instant now);
    }

    private final ProcessorContext<?, ?> context;
    private final Followers<E> followers;
    private final PendingLeaders releases;
    private final Transactions transactions;
    private final String work;
    private final BooleanSupplier caughtUp;
    private final Ways<E> ways;

    private Duration look = DueTimes.FLOOR;
    private Instant nextLook = Instant.EPOCH;

    /**
     * @param work its name where it claims shares
     * @param caughtUp whether all that was written before the task started has been read: nobody ends before that
     */
    public WaitingFollowers(
            ProcessorContext<?, ?> context,
            Followers<E> followers,
            PendingLeaders releases,
            Transactions transactions,
            String work,
            BooleanSupplier caughtUp,
            Ways<E> ways) {
        this.context = context;
        this.followers = followers;
        this.releases = releases;
        this.transactions = transactions;
        this.work = work;
        this.caughtUp = caughtUp;
        this.ways = ways;
    }

    /** There is one more, so its leader may end soon. */
    public void added(Instant now) {
        look = DueTimes.FLOOR;
        nextLook = now.plus(look);
    }

    /** When there is something to be done or to be looked for; null while nobody follows. */
    public @Nullable Instant next() {
        Instant deadline = followers.nextDeadline();
        if (releases.next() != null) {
            return caughtUp.getAsBoolean() ? Instant.EPOCH : nextLook;
        }
        return deadline != null && caughtUp.getAsBoolean() && deadline.isBefore(nextLook)
                ? deadline
                : deadline == null ? null : nextLook;
    }

    /** Does what is due, as much of it as this transaction may carry. */
    public void advance(Instant now) {
        followers.age(now);
        if (!caughtUp.getAsBoolean() || (endOverdue(now) && releaseAll(now))) {
            nextLook = now.plus(look);
            look = look.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : look.multipliedBy(2);
        }
    }

    /** @return whether all that is due was done */
    private boolean endOverdue(Instant now) {
        for (Followers.Overdue<E> overdue = followers.overdue(now); overdue != null; overdue = followers.overdue(now)) {
            E follower = overdue.follower();
            if (!transactions.claim(context, work, follower.original().length)) {
                return false;
            }
            followers.end(overdue.group(), follower);
            ways.overdue(follower, now);
        }
        return true;
    }

    private boolean releaseAll(Instant now) {
        for (String group = releases.next(); group != null; group = releases.next()) {
            if (!ways.release(group, now)) {
                return false;
            }
            look = DueTimes.FLOOR;
        }
        return true;
    }
}
