package dev.penstock.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The text of the metrics, made once for all who ask within a second. For one thread. */
final class SharedScrape {

    private static final Duration SHARED = Duration.ofSeconds(1);
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> source;
    private Instant begun = Instant.MIN;
    private @Nullable Answer last;

    /** @param source makes the text anew */
    SharedScrape(Supplier<String> source) {
        this.source = source;
    }

    /** Not older than a second. One that fails is not kept. */
    Answer at(Instant now) {
        Answer kept = last;
        if (kept != null && !now.isBefore(begun) && now.isBefore(begun.plus(SHARED))) {
            return kept;
        }
        last = null;
        Answer made = new Answer(200, TYPE, source.get().getBytes(UTF_8));
        last = made;
        begun = now;
        return made;
    }
}
