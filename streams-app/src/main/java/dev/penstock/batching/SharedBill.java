package dev.penstock.batching;

import dev.penstock.schemas.UsageEvent;
import java.util.List;
import java.util.stream.IntStream;

/** States what a shared call cost in as many events as it had members, which add up to it exactly. */
final class SharedBill {

    private SharedBill() {}

    /**
     * Splits an event. The first share has the event's own id, and the others ids made of it, always the same: an event that
     * corrects another is split into shares that correct its shares.
     *
     * @param payers in the order in which they came, which never changes
     */
    static List<UsageEvent> of(UsageEvent whole, List<String> payers, List<Shares.Weight> weights) {
        List<Share> shares = Shares.of(whole.usage(), whole.costUsd(), weights);
        return IntStream.range(0, payers.size())
                .mapToObj(place -> event(whole, payers, place, shares.get(place)))
                .toList();
    }

    private static UsageEvent event(UsageEvent whole, List<String> payers, int place, Share share) {
        return new UsageEvent(
                place == 0 ? whole.eventId() : whole.eventId() + "." + place,
                whole.tenant(),
                payers.get(place),
                whole.attempt(),
                whole.provider(),
                whole.model(),
                whole.tier(),
                share.usage(),
                share.costUsd(),
                whole.priceVersion(),
                whole.status(),
                payers.size(),
                whole.source(),
                whole.at());
    }
}
