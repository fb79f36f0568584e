package dev.penstock.dispatch;

import dev.penstock.provider.Lease;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The place at a target that a launch holds now, if any. A place is given back by the attempt that uses it; one that no
 * attempt used is given back when this is closed, whatever was thrown before.
 */
final class HeldPlace implements AutoCloseable {

    private @Nullable Lease unused;

    HeldPlace(Lease first) {
        this.unused = first;
    }

    /** Holds another place, for the next attempt. */
    void take(Lease next) {
        close();
        unused = next;
    }

    ProviderReply call(ProviderCall call) throws InterruptedException {
        Lease used = Objects.requireNonNull(unused);
        unused = null;
        return used.call(call);
    }

    @Override
    public void close() {
        Lease left = unused;
        unused = null;
        if (left != null) {
            left.cancel();
        }
    }
}
