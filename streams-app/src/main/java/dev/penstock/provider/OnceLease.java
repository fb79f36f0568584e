package dev.penstock.provider;

import java.util.concurrent.atomic.AtomicBoolean;

/** Holds the user of a lease to "one of the two, once": what is given back twice would be lent out twice. */
final class OnceLease implements Lease {

    private final Lease next;
    private final AtomicBoolean used = new AtomicBoolean();

    OnceLease(Lease next) {
        this.next = next;
    }

    @Override
    public ProviderReply call(ProviderCall call) throws InterruptedException {
        use();
        return next.call(call);
    }

    @Override
    public void cancel() {
        use();
        next.cancel();
    }

    private void use() {
        if (!used.compareAndSet(false, true)) {
            throw new IllegalStateException("a lease was used twice");
        }
    }
}
