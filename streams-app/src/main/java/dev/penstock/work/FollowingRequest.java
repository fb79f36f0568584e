package dev.penstock.work;

/** A request that waits for the end of another. */
public interface FollowingRequest {

    /** What ends it. */
    Ticket ticket();

    /** Its value as it arrived. */
    byte[] original();
}
