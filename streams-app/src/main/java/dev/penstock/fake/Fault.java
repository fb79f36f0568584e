package dev.penstock.fake;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way to fail one call. */
public sealed interface Fault {

    /** As it stands in the call log. */
    String label();

    /**
     * Refuses with a status and an error body of the API that was called.
     *
     * @param code the error body's code, or null for the one that goes with the status
     */
    record Refuse(
            int status,
            @Nullable Duration retryAfter,
            @Nullable String code) implements Fault {
        @Override
        public String label() {
            return "status " + status;
        }
    }

    /** Takes the call and never says anything. */
    record Hang() implements Fault {
        @Override
        public String label() {
            return "hang";
        }
    }

    /** Answers a byte at a time. */
    record Drip(Duration gap) implements Fault {
        @Override
        public String label() {
            return "drip";
        }
    }

    /** Announces the whole answer, sends half of it and closes. */
    record Cut() implements Fault {
        @Override
        public String label() {
            return "cut";
        }
    }

    /** Closes the connection without a byte. */
    record Close() implements Fault {
        @Override
        public String label() {
            return "close";
        }
    }

    /** Answers as usual, but that much later: longer than its caller waits. */
    record Late(Duration by) implements Fault {
        @Override
        public String label() {
            return "late";
        }
    }

    /** Answers 200 with something that is no answer. */
    record Garbage(GarbageBody body) implements Fault {
        @Override
        public String label() {
            return "garbage " + body.wireName();
        }
    }

    /** Answers properly, with that many bytes of text. */
    record Huge(long bytes) implements Fault {
        @Override
        public String label() {
            return "huge";
        }
    }

    /** Answers 200 with no body. */
    record Empty() implements Fault {
        @Override
        public String label() {
            return "empty";
        }
    }
}
