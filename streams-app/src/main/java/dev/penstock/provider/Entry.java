package dev.penstock.provider;

/** The answer to a call that wants to enter a target. */
public sealed interface Entry {

    /** It is in: the lease holds its place in every limit of the target. */
    record Entered(Lease lease) implements Entry {}

    /** It is not in, and holds nothing. */
    record NotNow(Availability why) implements Entry {}
}
