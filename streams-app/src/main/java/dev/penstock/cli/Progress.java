package dev.penstock.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Tells on stderr how long work comes along: a line that is rewritten on a terminal, a line now and then elsewhere. */
final class Progress {

    private static final boolean TERMINAL = "1".equals(System.getProperty("penstock.stderr.terminal"));
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int PERCENT = 100;

    private final PrintStream err;
    private final String what;
    private final long start = System.nanoTime();
    private long next = start + interval();
    private boolean lineOpen;

    Progress(PrintStream err, String what) {
        this.err = err;
        this.what = what;
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
        long now = System.nanoTime();
        if (now < next) {
            return;
        }
        next = now + interval();
        String text = done + " " + what + ", " + rate(done) + "/s" + remaining(share, now);
        if (TERMINAL) {
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
        err.printf("%d %s %s in %.1f s, %d/s%n", done, what, verb, seconds(System.nanoTime()), rate(done));
    }

    private long rate(long done) {
        return Math.round(done / Math.max(1e-3, seconds(System.nanoTime())));
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

    private static long interval() {
        return (TERMINAL ? TERMINAL_INTERVAL : PLAIN_INTERVAL).toNanos();
    }
}
