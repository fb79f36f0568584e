package dev.penstock.schemas;

import java.time.Duration;

/** What a request asks of the answer cache. */
public sealed interface CacheDirective {

    /** Read and write it as the configuration says. */
    record Default() implements CacheDirective {}

    /** Neither read nor write it. */
    record Bypass() implements CacheDirective {}

    /** Do not read it; write the new answer. */
    record Refresh() implements CacheDirective {}

    /** Read it, and keep a new answer for this long. */
    record Ttl(Duration duration) implements CacheDirective {
        public Ttl {
            Checks.positive("ttl", duration);
        }
    }
}
