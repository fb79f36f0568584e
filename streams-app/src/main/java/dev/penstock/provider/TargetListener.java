package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Instant;

/** Told when a target changes for everybody. Called without any lock held, by the thread that saw it; must not block. */
public interface TargetListener {

    /** Hears nothing. */
    TargetListener NONE = new TargetListener() {
        @Override
        public void breaker(String target, String from, String to, Instant at) {}

        @Override
        public void closed(String target, FailureClass why, Instant until, Instant at) {}
    };

    /**
     * The breaker went from one state to another.
     *
     * @param from {@code closed}, {@code half_open} or {@code open}
     * @param to one of the same
     */
    void breaker(String target, String from, String to, Instant at);

    /**
     * The provider turned calls away, and the target takes none for a while.
     *
     * @param why throttled or spend-capped, which hold for the whole account, or credentials
     */
    void closed(String target, FailureClass why, Instant until, Instant at);
}
