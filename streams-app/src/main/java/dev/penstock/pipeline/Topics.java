package dev.penstock.pipeline;

import dev.penstock.config.RecordSizes;
import dev.penstock.config.TopicsConfig;
import dev.penstock.pipeline.TopicSpec.Cleanup;
import java.util.List;

/**
 * The names of the topics, and how each must be made.
 *
 * @param prefix stands before every name
 */
public record Topics(String prefix) {

    private static final int SMALL_RECORD_BYTES = 1024 * 1024;

    /** Written by users, read by the pipeline. */
    public String requests() {
        return prefix + "requests";
    }

    public String results() {
        return prefix + "results";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** One event for each call share that was billed, or may have been. */
    public String usage() {
        return prefix + "usage";
    }

    public String budgets() {
        return prefix + "budgets";
    }

    public String alerts() {
        return prefix + "alerts";
    }

    /** Tenant policies, written by operators. */
    public String tenants() {
        return prefix + "tenants";
    }

    /** Internal: what a provider call came to. */
    public String outcomes() {
        return prefix + "outcomes";
    }

    /** Internal: requests that a foreign partitioner put elsewhere. */
    public String rerouted() {
        return prefix + "rerouted";
    }

    /** Internal: policies and usage events that a foreign partitioner put elsewhere; read whatever requests wait for. */
    public String reroutedControl() {
        return prefix + "rerouted-control";
    }

    /** Which dead letters were replayed. */
    public String redrives() {
        return prefix + "redrives";
    }

    /** The one source of topic properties: {@code topics create}, {@code topics check} and start-up all read it. */
    public List<TopicSpec> specs(TopicsConfig config) {
        return List.of(
                spec(requests(), config, Cleanup.DELETE, RecordSizes.MAX_RECORD_BYTES)
                        .stampedByBroker(),
                spec(results(), config, Cleanup.DELETE, RecordSizes.MAX_RECORD_BYTES),
                spec(deadLetters(), config, Cleanup.DELETE, RecordSizes.MAX_RECORD_BYTES),
                spec(rerouted(), config, Cleanup.DELETE, RecordSizes.MAX_RECORD_BYTES),
                spec(reroutedControl(), config, Cleanup.DELETE, SMALL_RECORD_BYTES),
                spec(outcomes(), config, Cleanup.DELETE, RecordSizes.MAX_RECORD_BYTES),
                spec(usage(), config, Cleanup.DELETE, SMALL_RECORD_BYTES),
                spec(alerts(), config, Cleanup.DELETE, SMALL_RECORD_BYTES),
                spec(tenants(), config, Cleanup.COMPACT, SMALL_RECORD_BYTES),
                spec(budgets(), config, Cleanup.COMPACT, SMALL_RECORD_BYTES),
                spec(redrives(), config, Cleanup.COMPACT, SMALL_RECORD_BYTES));
    }

    private static TopicSpec spec(String name, TopicsConfig config, Cleanup cleanup, int maxMessageBytes) {
        return new TopicSpec(
                name,
                config.partitions(),
                config.replication(),
                config.minInsyncReplicas(),
                cleanup,
                config.retention(),
                maxMessageBytes,
                false);
    }
}
