package dev.penstock.faults;

import java.time.Duration;

/** How long a scenario waits before it takes the program for hung. No promise is made here: they are far beyond what it takes. */
final class Limits {

    static final Duration START = Duration.ofSeconds(90);
    static final Duration WORK = Duration.ofMinutes(4);

    /** For a command of the system, and until a process that was killed is gone. */
    static final Duration COMMAND = Duration.ofSeconds(60);

    private Limits() {}
}
