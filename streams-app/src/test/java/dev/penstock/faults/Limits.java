package dev.penstock.faults;

import java.time.Duration;

/** How long a scenario waits before it takes the program for hung. No promise is made here: they are far beyond what it takes. */
final class Limits {

    /** For a process, which waits five minutes for a broker that does not answer, and for what it says about itself. */
    static final Duration START = Duration.ofMinutes(10);

    /** Beyond those five minutes, which an instance waits while it runs as well. */
    static final Duration WORK = Duration.ofMinutes(10);

    /** For a command of the system, and until a process that was killed is gone. */
    static final Duration COMMAND = Duration.ofSeconds(60);

    private Limits() {}
}
