package dev.penstock.membership;

/** What a look at a StatefulSet showed. */
public sealed interface StatefulSetLook {

    /**
     * It is there.
     *
     * @param replicas how many pods it is to have
     * @param firstOrdinal the number of the first of them
     * @param beingDeleted whether it is on its way out
     */
    record Present(int replicas, int firstOrdinal, boolean beingDeleted) implements StatefulSetLook {}

    /** The API knows none of that name. */
    record Gone() implements StatefulSetLook {}

    /** Nothing is known. */
    record Unknown(String why) implements StatefulSetLook {}
}
