package dev.penstock.work;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Gives the followers of a request its verdict, a bounded share in each transaction. What is left is durable and continues
 * after the commit, or on the next owner of the task.
 *
 * @param <E> what ends a follower
 */
public final class FanOut<E extends FollowingRequest> {

    /** Whose turn it is, and how each is ended. */
    public interface Queue<E extends FollowingRequest> {

        /** A group whose followers are still to be given a verdict; null if there is none. */
        @Nullable
        String nextGroup();

        /** The verdict of its leader. */
        Verdict verdict(String group);

        Followers<E> followers();

        /** Gives one its end; it follows no longer. */
        void end(String group, E follower, Verdict verdict, Instant now);

        /** Nobody of the group is left. */
        void done(String group);
    }

    /** What is being given, read once though it takes many transactions. */
    private record Shared(String group, Verdict verdict, long bytes) {}

    private final ProcessorContext<?, ?> context;
    private final Queue<E> queue;
    private final Transactions transactions;
    private final String work;
    private @Nullable Shared current;

    /** @param work its name where it claims shares */
    public FanOut(ProcessorContext<?, ?> context, Queue<E> queue, Transactions transactions, String work) {
        this.context = context;
        this.queue = queue;
        this.transactions = transactions;
        this.work = work;
    }

    /** When there is something to be done: at once; null while there is nothing. */
    public @Nullable Instant next() {
        return queue.nextGroup() == null ? null : Instant.EPOCH;
    }

    /** Does as much as this transaction may carry. */
    public void advance(Instant now) {
        for (String group = queue.nextGroup(); group != null; group = queue.nextGroup()) {
            if (!endFollowersOf(shared(group), now)) {
                return;
            }
            current = null;
        }
    }

    private Shared shared(String group) {
        Shared shared = current;
        if (shared == null || !shared.group().equals(group)) {
            Verdict verdict = queue.verdict(group);
            shared = new Shared(group, verdict, sizeOf(verdict));
            current = shared;
        }
        return shared;
    }

    private boolean endFollowersOf(Shared shared, Instant now) {
        try (KeyValueIterator<Bytes, byte[]> rows = queue.followers().of(shared.group())) {
            while (rows.hasNext()) {
                E follower = queue.followers().decode(rows.next());
                if (!transactions.claim(context, work, shared.bytes() + follower.original().length)) {
                    return false;
                }
                queue.end(shared.group(), follower, shared.verdict(), now);
            }
        }
        queue.followers().forget(shared.group());
        queue.done(shared.group());
        return true;
    }

    private static long sizeOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> answer.body().toString().getBytes(StandardCharsets.UTF_8).length;
            case Verdict.Failure failure -> failure.detail().length();
        };
    }
}
