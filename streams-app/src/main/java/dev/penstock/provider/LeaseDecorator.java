package dev.penstock.provider;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A lease around a lease, which gives back what its own concern holds however the attempt ends. */
abstract class LeaseDecorator implements Lease {

    private final Lease next;

    LeaseDecorator(Lease next) {
        this.next = next;
    }

    /** Puts a lease around one that was taken just now; if that fails, the one inside is given back. */
    static Entry around(Lease taken, UnaryOperator<Lease> decorated) {
        try {
            return new Entry.Entered(decorated.apply(taken));
        } catch (RuntimeException | Error e) {
            taken.cancel();
            throw e;
        }
    }

    @Override
    public final ProviderReply call(ProviderCall call) throws InterruptedException {
        AroundAttempt.guarded(getClass(), () -> begins(call));
        ProviderReply reply = null;
        try {
            reply = next.call(call);
            return reply;
        } finally {
            end(call, reply);
        }
    }

    private void end(ProviderCall call, @Nullable ProviderReply reply) {
        AroundAttempt.guarded(getClass(), () -> {
            if (call.isCutBy(reply)) {
                cut(reply);
            } else {
                ended(reply);
            }
        });
    }

    @Override
    public final void cancel() {
        try {
            next.cancel();
        } finally {
            AroundAttempt.guarded(getClass(), this::cancelled);
        }
    }

    /** The attempt is about to be made. */
    void begins(ProviderCall call) {}

    /**
     * The attempt is over.
     *
     * @param reply null if there is none: the thread was interrupted, or the provider code failed
     */
    abstract void ended(@Nullable ProviderReply reply);

    /**
     * The attempt is over because its request gave it less time than others have. How little that is, is for whoever wrote it
     * to say; the target is others' too.
     */
    void cut(@Nullable ProviderReply reply) {
        ended(reply);
    }

    /** No attempt was made. */
    abstract void cancelled();
}
