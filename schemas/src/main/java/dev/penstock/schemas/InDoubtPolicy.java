package dev.penstock.schemas;

/** What to do with a call that may or may not have been made: make it again, or give it up. */
public enum InDoubtPolicy implements WireName {
    /** May pay twice, loses nothing. */
    RETRY,
    /** Pays at most once, may lose an answer: dead letter {@code dispatch.in_doubt}. */
    FAIL;

    static final WireNames<InDoubtPolicy> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
