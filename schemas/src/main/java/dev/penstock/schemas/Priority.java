package dev.penstock.schemas;

/** Who waits for whom when permits are short. */
public enum Priority implements WireName {
    INTERACTIVE,
    NORMAL,
    BULK;

    static final WireNames<Priority> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
