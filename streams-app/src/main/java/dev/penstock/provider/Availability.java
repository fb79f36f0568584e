package dev.penstock.provider;

import java.time.Instant;

/** Whether a call could enter a target now. A look reserves nothing: the answer may have changed by the time of entering. */
public sealed interface Availability {

    /** A call may enter. */
    record Open() implements Availability {}

    /** There is no room. Something that returns makes room; nobody can say when. */
    record Busy() implements Availability {}

    /**
     * Nothing enters for a while.
     *
     * @param until when it may be tried again, that instant included
     */
    record ClosedUntil(Instant until) implements Availability {}

    /** What two concerns come to together: the later of two openings, and no opening before there is room. */
    default Availability and(Availability other) {
        return switch (this) {
            case Open open -> other;
            case Busy busy -> other instanceof ClosedUntil ? other : this;
            case ClosedUntil mine ->
                other instanceof ClosedUntil theirs && theirs.until.isAfter(mine.until) ? other : this;
        };
    }

    default boolean isOpen() {
        return this instanceof Open;
    }
}
