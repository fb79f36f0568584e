package dev.penstock.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells on stderr how long work comes along: a line that is rewritten on a terminal, a line now and then elsewhere. */
final class Progress {

    private static final boolean TERMINAL = "1".equals(System.getProperty("penstock.stderr.terminal"));
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int PERCENT = 100;

    private final PrintStream err;
    private final String what;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final long start;
    private long next;
    private boolean lineOpen;

    Progress(PrintStream err, String what) {
        this(err, what, TERMINAL, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward */
    Progress(PrintStream err, String what, boolean terminal, LongSupplier nanos) {
        this.err = err;
        this.what = what;
        this.terminal = terminal;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.next = start + interval();
    }

    /** Where nobody reads along. */
    static Progress untold() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), "");
    }

    /**
     * Cheap to call for every item.
     *
     * @param done items so far
     * @param share of the whole that is done, 0..1; below 0 when unknown
     */
    void at(long done, double share) {
        long now = nanos.getAsLong();
        if (now < next) {
            return;
        }
        next = now + interval();
        String text = done + " " + what + ", " + rate(done, now) + "/s" + remaining(share, now);
        if (terminal) {
            err.print("\r" + text + "   ");
            lineOpen = true;
        } else {
            err.println(text);
        }
    }

    /** The last word, with the rate over all. */
    void done(long done, String verb) {
        if (lineOpen) {
            err.print("\r");
        }
        long now = nanos.getAsLong();
        err.printf("%d %s %s in %.1f s, %d/s%n", done, what, verb, seconds(now), rate(done, now));
    }

    private long rate(long done, long now) {
        return Math.round(done / Math.max(1e-3, seconds(now)));
    }

    private double seconds(long now) {
        return (now - start) / NANOS_PER_SECOND;
    }

    private String remaining(double share, long now) {
        if (share <= 0) {
            return "";
        }
        long seconds = Math.round(seconds(now) * (1 - share) / share);
        return ", " + Math.round(share * PERCENT) + " %, " + seconds + " s left";
    }

    private long interval() {
        return (terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL).toNanos();
    }
}
