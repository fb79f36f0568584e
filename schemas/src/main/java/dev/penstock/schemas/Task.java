package dev.penstock.schemas;

/** How hard the sender thinks the request is; tiering chooses a model by it. */
public enum Task implements WireName {
    SIMPLE,
    MEDIUM,
    COMPLEX;

    static final WireNames<Task> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
