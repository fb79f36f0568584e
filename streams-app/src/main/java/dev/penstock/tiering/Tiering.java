package dev.penstock.tiering;

import dev.penstock.config.PenstockConfig;
import dev.penstock.work.Lead;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The tiering stage, ready to be wired. */
public final class Tiering {

    private Tiering() {}

    /** The stage that gives each request its route. */
    public static ProcessorSupplier<String, Lead, String, Object> stage(PenstockConfig config, TieringRoutes routes) {
        TieringPolicy policy = new TieringPolicy(config.targets(), config.tiers());
        return () -> new TieringProcessor(policy, routes);
    }
}
