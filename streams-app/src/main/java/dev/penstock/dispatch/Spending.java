package dev.penstock.dispatch;

import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a call came to into a usage event. The event's id names the dispatch, so that a late answer corrects what was
 * charged as unknown instead of adding to it.
 */
final class Spending {

    private static final TokenUsage NOTHING = new TokenUsage(0, 0, 0, 0);

    private Spending() {}

    /** What the outcome of a call cost; empty when it certainly cost nothing. */
    static Optional<UsageEvent> of(Outcome outcome) {
        if (outcome.usage() != null) {
            return Optional.of(spend(outcome, UsageEvent.Status.BILLED, outcome.usage()));
        }
        return mayHaveCost(outcome) ? Optional.of(spend(outcome, UsageEvent.Status.UNKNOWN, null)) : Optional.empty();
    }

    /** What a late outcome cost, in place of whatever was charged for that dispatch before. */
    static UsageEvent ofLate(Outcome outcome) {
        if (outcome.usage() != null) {
            return spend(outcome, UsageEvent.Status.CORRECTED, outcome.usage());
        }
        return mayHaveCost(outcome)
                ? spend(outcome, UsageEvent.Status.UNKNOWN, null)
                : spend(outcome, UsageEvent.Status.CORRECTED, NOTHING);
    }

    /** A dispatch whose outcome nobody will know. */
    static UsageEvent ofLost(CallEntry entry, String provider, String model, Instant now) {
        String request = entry.ticket().id().toString();
        return new UsageEvent(
                eventId(request, entry.dispatches()),
                entry.ticket().tenant(),
                request,
                entry.dispatches(),
                provider,
                model,
                null,
                null,
                null,
                null,
                UsageEvent.Status.UNKNOWN,
                1,
                Source.PROVIDER,
                now);
    }

    private static boolean mayHaveCost(Outcome outcome) {
        return switch (outcome.kind()) {
            case ANSWERED, LOST -> true;
            case NOT_SENT, PARKED -> false;
            case FAILED -> outcome.failure() == null || outcome.failure().possiblyBilled();
        };
    }

    private static UsageEvent spend(Outcome outcome, UsageEvent.Status status, @Nullable TokenUsage usage) {
        return new UsageEvent(
                eventId(outcome.requestId(), outcome.attempt()),
                outcome.tenant(),
                outcome.requestId(),
                outcome.attempt(),
                outcome.provider(),
                outcome.model(),
                outcome.tier(),
                usage,
                null,
                outcome.priceVersion(),
                status,
                1,
                Source.PROVIDER,
                outcome.endedAt());
    }

    private static String eventId(String requestId, int dispatch) {
        return requestId + "#" + dispatch;
    }
}
