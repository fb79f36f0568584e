package dev.penstock.schemas;

/** Where an answer came from. */
public enum Source implements WireName {
    PROVIDER,
    CACHE,
    COALESCED,
    DUPLICATE;

    static final WireNames<Source> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
