package dev.penstock.work;

import java.util.Optional;

/**
 * What a dispatch of a shared call cost, or may have cost, that did not end the call: an attempt without an answer, one that
 * was lost, or what is known of one only after the call was over.
 *
 * @param call the shared call
 * @param spend what it cost as a whole
 */
public record SharedSpend(RequestId call, Emission.Spend spend) implements SharedNews {

    /** The spend of a shared call; empty if the emission is anything else. */
    public static Optional<SharedSpend> of(Emission emission) {
        if (!(emission instanceof Emission.Spend spend)) {
            return Optional.empty();
        }
        RequestId call = RequestId.parse(spend.event().requestId());
        return call != null && call.isSharedCall() ? Optional.of(new SharedSpend(call, spend)) : Optional.empty();
    }
}
