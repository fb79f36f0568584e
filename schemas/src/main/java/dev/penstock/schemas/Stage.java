package dev.penstock.schemas;

/** The stages in the order in which a request meets them; node names, metric tags and dead-letter codes come from here. */
public enum Stage implements WireName {
    INTAKE,
    IDEMPOTENCY,
    CACHE,
    TIERING,
    TRIMMING,
    BUDGET,
    BATCHING,
    DISPATCH,
    PROVIDER,
    OUTCOME;

    static final WireNames<Stage> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
