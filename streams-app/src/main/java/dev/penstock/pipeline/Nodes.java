package dev.penstock.pipeline;

/** The names of the topology's nodes, as they stand in {@code topology.describe()} and in metrics. */
final class Nodes {

    static final String REQUESTS = "requests";
    static final String OUTCOMES = "outcomes";

    static final String TENANTS = "tenants";
    static final String USAGE = "usage";
    static final String TENANTS_ARRIVAL = "tenants-arrival";
    static final String USAGE_ARRIVAL = "usage-arrival";
    static final String CONTROL = "control";
    static final String CONTROL_ARRIVAL = "control-arrival";
    static final String BUDGET = "budget";
    static final String TO_BUDGETS = "to-budgets";
    static final String TO_ALERTS = "to-alerts";
    static final String REQUESTS_ARRIVAL = "requests-arrival";
    static final String OUTCOMES_ARRIVAL = "outcomes-arrival";

    static final String INTAKE = "intake";
    static final String IDEMPOTENCY = "idempotency";
    static final String CACHE = "cache";
    static final String TIERING = "tiering";
    static final String BATCHING = "batching";
    static final String BATCHING_SETTLING = "batching-settling";
    static final String DISPATCH = "dispatch";
    static final String OUTCOME = "outcome";
    static final String CACHE_SETTLING = "cache-settling";
    static final String IDEMPOTENCY_SETTLING = "idempotency-settling";
    static final String EMIT = "emit";

    static final String TO_RESULTS = "to-results";
    static final String TO_DEAD_LETTERS = "to-dead-letters";
    static final String TO_USAGE = "to-usage";
    static final String TO_REROUTED = "to-rerouted";
    static final String TO_REROUTED_CONTROL = "to-rerouted-control";

    private Nodes() {}
}
