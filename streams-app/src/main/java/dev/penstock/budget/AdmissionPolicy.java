package dev.penstock.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether a worst case fits into every window. What has no bound or no price never fits under a limit on it. */
final class AdmissionPolicy {

    private AdmissionPolicy() {}

    /** Why it may not be admitted; null if it may. */
    static Admission.@Nullable Denied denies(List<Meter> meters, WorstCase worst) {
        return switch (worst) {
            case WorstCase.Unbounded unbounded -> limited(meters) ? new Admission.Unbounded(unbounded.what()) : null;
            case WorstCase.Bounded bounded -> deniesBounded(meters, bounded);
        };
    }

    private static Admission.@Nullable Denied deniesBounded(List<Meter> meters, WorstCase.Bounded worst) {
        if (worst.cost() instanceof Cost.UnknownPrice unknown && limitedIn(meters, Measure.USD)) {
            return new Admission.UnknownPrice(unknown.model());
        }
        Amount amount = amount(worst);
        Admission.@Nullable OverLimit denied = null;
        for (Meter meter : meters) {
            for (Measure measure : Measure.values()) {
                Gauge gauge = gauge(meter, measure);
                Instant resetsAt = meter.period().end();
                if (!gauge.admits(counted(amount, measure))
                        && (denied == null || resetsAt.isAfter(denied.resetsAt()))) {
                    denied = new Admission.OverLimit(
                            meter.window().text(), resetsAt, measure, fitsLater(meters, amount));
                }
            }
        }
        return denied;
    }

    private static boolean fitsLater(List<Meter> meters, Amount amount) {
        return meters.stream()
                .allMatch(meter -> meter.usd().everAdmits(amount.countedUsd())
                        && meter.tokens().everAdmits(amount.countedTokens()));
    }

    private static boolean limited(List<Meter> meters) {
        return limitedIn(meters, Measure.USD) || limitedIn(meters, Measure.TOKENS);
    }

    private static boolean limitedIn(List<Meter> meters, Measure measure) {
        return meters.stream().anyMatch(meter -> gauge(meter, measure).limit() != null);
    }

    private static Gauge gauge(Meter meter, Measure measure) {
        return switch (measure) {
            case USD -> meter.usd();
            case TOKENS -> meter.tokens();
        };
    }

    private static BigDecimal counted(Amount amount, Measure measure) {
        return switch (measure) {
            case USD -> amount.countedUsd();
            case TOKENS -> amount.countedTokens();
        };
    }

    static Amount amount(WorstCase.Bounded worst) {
        return new Amount(usd(worst), worst.inputTokens() + worst.outputTokens());
    }

    private static @Nullable BigDecimal usd(WorstCase.Bounded worst) {
        return worst.cost() instanceof Cost.Known known ? known.usd() : null;
    }

    /** What is to be held for an admitted call. */
    static Reservation reservation(String id, WorstCase worst, Instant at, Instant expiresAt, List<Integer> meters) {
        return switch (worst) {
            case WorstCase.Unbounded unbounded -> new Reservation(id, at, expiresAt, null, null, null, meters);
            case WorstCase.Bounded bounded ->
                new Reservation(id, at, expiresAt, usd(bounded), bounded.inputTokens(), bounded.outputTokens(), meters);
        };
    }
}
