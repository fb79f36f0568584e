package dev.penstock.pipeline;

import dev.penstock.config.TierConfig;
import dev.penstock.tiering.TieringListener;
import dev.penstock.work.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What tiering counts: requests by the tier that they go to, and by who chose it. */
final class TieringMetrics implements TieringListener {

    private static final String NO_TIER = "none";

    private enum By {
        /** The request names a tier, or its task. */
        REQUEST,
        /** It leaves the tier open, and rules chose. */
        CLASSIFIER,
        /** It names a model. */
        MODEL
    }

    private record Kind(String tier, By by) {}

    private final Map<Kind, Counter> routed = new HashMap<>();

    TieringMetrics(MeterRegistry meters, List<TierConfig> tiers) {
        tiers.forEach(tier -> {
            register(meters, new Kind(tier.name(), By.REQUEST));
            register(meters, new Kind(tier.name(), By.CLASSIFIER));
        });
        register(meters, new Kind(NO_TIER, By.MODEL));
    }

    private void register(MeterRegistry meters, Kind kind) {
        routed.put(
                kind,
                Counter.builder("penstock.tiering.routed")
                        .description("Requests that were given a tier, or the model that they name")
                        .tag("tier", kind.tier())
                        .tag("by", kind.by().name().toLowerCase(Locale.ROOT))
                        .register(meters));
    }

    @Override
    public void routed(Route route) {
        Counter counter = routed.get(kindOf(route));
        if (counter != null) {
            counter.increment();
        }
    }

    private static Kind kindOf(Route route) {
        String tier = route.tier();
        if (tier == null) {
            return new Kind(NO_TIER, By.MODEL);
        }
        return new Kind(tier, route.reason() == null ? By.REQUEST : By.CLASSIFIER);
    }
}
