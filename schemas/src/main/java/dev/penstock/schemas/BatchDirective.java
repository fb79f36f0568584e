package dev.penstock.schemas;

/** Whether a request may share a prompt with others of its tenant. */
public enum BatchDirective implements WireName {
    ALLOW,
    NEVER;

    static final WireNames<BatchDirective> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
