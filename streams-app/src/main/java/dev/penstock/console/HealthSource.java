package dev.penstock.console;

/** Who knows how the process is. Asked for every probe, so answers come from memory. */
public interface HealthSource {

    /** Not ok: only a restart helps. */
    Health live();

    /** Not ok: not working yet, or not any more. */
    Health ready();
}
