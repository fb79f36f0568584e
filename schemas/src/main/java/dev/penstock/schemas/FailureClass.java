package dev.penstock.schemas;

/** What kind of failure a call met; it decides who tries again, and where. */
public enum FailureClass implements WireName {
    /** The request itself is refused; no attempt anywhere would do better. */
    PERMANENT,
    /** The key is refused: another target may do, this one needs an operator. */
    CREDENTIALS,
    /** The account is out of money or quota. */
    SPEND_CAPPED,
    /** Too fast: wait as long as the provider says. */
    THROTTLED,
    /** The provider or the way to it failed. */
    TRANSIENT,
    /** Bytes were sent and no usable answer came: it may have been billed. */
    UNKNOWN;

    static final WireNames<FailureClass> NAMES = WireNames.of(values());

    private final String wireName = WireNames.lowerCase(this);

    @Override
    public String wireName() {
        return wireName;
    }
}
