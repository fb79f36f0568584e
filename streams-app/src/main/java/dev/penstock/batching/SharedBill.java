package dev.penstock.batching;

import dev.penstock.schemas.UsageEvent;
import java.util.List;
import java.util.stream.IntStream;

/** Tells of what a shared call cost in as many events as it had members, which add up to it exactly. */
final class SharedBill {

    private SharedBill() {}

    /**
     * Splits an event. The first share has the event's own id, so that it takes the place of what may have been charged
     * under it before; the others have ids of their own.
     */
    static List<UsageEvent> of(UsageEvent whole, List<Member> members, List<Shares.Weight> weights) {
        List<Share> shares = Shares.of(whole.usage(), whole.costUsd(), weights);
        return IntStream.range(0, members.size())
                .mapToObj(place -> event(whole, members, place, shares.get(place)))
                .toList();
    }

    private static UsageEvent event(UsageEvent whole, List<Member> members, int place, Share share) {
        return new UsageEvent(
                place == 0 ? whole.eventId() : whole.eventId() + "." + place,
                whole.tenant(),
                members.get(place).ticket().id().toString(),
                whole.attempt(),
                whole.provider(),
                whole.model(),
                whole.tier(),
                share.usage(),
                share.costUsd(),
                whole.priceVersion(),
                whole.status(),
                members.size(),
                whole.source(),
                whole.at());
    }
}
